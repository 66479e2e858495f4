package io.millrace.standalone.redrive;

import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning to what was committed when it began. Not thread-safe; whoever makes it closes it. */
final class LetterTopics implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** A letter has up to 90 KB. */
    private static final int RECORDS_A_POLL = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration patience;

    LetterTopics(RedriveConfig config) {
        this.patience = config.patience();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-redrive-letters",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        RECORDS_A_POLL),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** What is done with each record. */
    interface Taking {
        void take(ConsumerRecord<byte[], byte[]> found) throws RedriveFailedException, InterruptedException;
    }

    /**
     * Hands out each record.
     *
     * @param about told before how many there are about: offsets, of which some are markers of transactions
     */
    void read(Topic topic, Consumer<Long> about, Taking taking) throws RedriveFailedException, InterruptedException {
        List<PartitionInfo> known = consumer.partitionsFor(topic.topicName(), patience);
        if (known.isEmpty()) {
            throw new RedriveFailedException(
                    "topic " + topic.topicName()
                            + " is not there: expected a pipeline whose doors and processors are of" + " this release",
                    null);
        }
        List<TopicPartition> partitions = known.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(partitions, patience));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, patience);
        about.accept(left.entrySet().stream()
                .mapToLong(end -> end.getValue() - beginnings.getOrDefault(end.getKey(), 0L))
                .sum());
        long deadline = System.nanoTime() + patience.toNanos();
        while (!left.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                Long end = left.get(new TopicPartition(found.topic(), found.partition()));
                if (end != null && found.offset() < end) {
                    taking.take(found);
                }
                deadline = System.nanoTime() + patience.toNanos();
            }
            left.entrySet().removeIf(end -> consumer.position(end.getKey(), patience) >= end.getValue());
            if (System.nanoTime() - deadline > 0) {
                throw new RedriveFailedException(
                        "topic " + topic.topicName() + " is not read to its end within " + patience, null);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
