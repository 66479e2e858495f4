package io.millrace.ingest.publish;

import io.millrace.identity.Sha256;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.observe.Health;
import io.millrace.ingest.observe.HealthCheck;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic sources: a thread reads it from its beginning, tells all write keys when it has come to the end, and
 * again whenever one changes. Thread-safe.
 */
public final class WriteKeyTopic implements HealthCheck, AutoCloseable {
    static final String TOPIC = Topic.SOURCES.topicName();

    private static final Logger LOG = LoggerFactory.getLogger(WriteKeyTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final PublishConfig config;
    private final KeptWriteKeys kept;
    private final Consumer<Map<Sha256, WriteKey>> told;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
    private volatile Health health = new Health.NotReady("the topic " + TOPIC + " has not been read yet");

    private WriteKeyTopic(PublishConfig config, KeptWriteKeys kept, Consumer<Map<Sha256, WriteKey>> told) {
        this.config = config;
        this.kept = kept;
        this.told = told;
        this.thread = new Thread(this::run, "millrace-write-keys");
        this.thread.setDaemon(true);
    }

    /**
     * Begins to read.
     *
     * @param kept is told what was read, so that who stored a key knows when this door knows it
     * @param told of all keys, on this topic's thread
     */
    public static WriteKeyTopic follow(PublishConfig config, KeptWriteKeys kept, Consumer<Map<Sha256, WriteKey>> told) {
        WriteKeyTopic topic = new WriteKeyTopic(config, kept, told);
        topic.thread.start();
        return topic;
    }

    @Override
    public String name() {
        return TOPIC;
    }

    @Override
    public Health check() {
        return health;
    }

    private void run() {
        boolean complained = false;
        while (closed.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            config.bootstrap(),
                            ConsumerConfig.CLIENT_ID_CONFIG,
                            "millrace-ingest-sources",
                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                            false,
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "earliest",
                            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                            (int) POLL.toMillis(),
                            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                            (int) PATIENCE.toMillis(),
                            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            (int) PATIENCE.toMillis()),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                reading = consumer;
                read(consumer);
            } catch (WakeupException | InterruptException | InterruptedException e) {
                return; // closed
            } catch (KafkaException e) {
                // What was read holds; it is read anew from the beginning.
                if (!complained) {
                    LOG.atInfo()
                            .addKeyValue("reason", e.getMessage())
                            .log("The write keys cannot be read; trying again");
                    complained = true;
                }
                pause();
            }
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        List<TopicPartition> partitions = partitions(consumer);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<Sha256, WriteKey> keys = new HashMap<>();
        boolean read = false;
        while (closed.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            boolean changed = false;
            for (ConsumerRecord<byte[], byte[]> found : records) {
                changed |= kept.apply(found, keys);
            }
            boolean now =
                    read || ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            if (now && (changed || !read)) {
                told.accept(keys);
            }
            if (now && !read) {
                read = true;
                health = Health.READY;
                LOG.atInfo().addKeyValue("keys", keys.size()).log("The write keys are read");
            }
            if (read) {
                kept.readTo(partitions, consumer::position);
            }
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        List<PartitionInfo> found = List.of();
        while (found.isEmpty()) {
            // Whoever starts first makes the topic.
            if (closed.await(found.isEmpty() ? PAUSE.toMillis() : 0, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("closed");
            }
            found = consumer.partitionsFor(TOPIC);
        }
        return found.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private void pause() {
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        KafkaConsumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            // An interruption would be told as an error by the client.
            consumer.wakeup();
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
