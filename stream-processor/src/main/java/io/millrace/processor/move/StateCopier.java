package io.millrace.processor.move;

import io.millrace.layout.Layout;
import io.millrace.processor.score.MovedState;
import io.millrace.processor.score.MovedState.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the changelogs of one layout to the next one's tasks, in the order of each key, in transactions that hold how far it
 * has come: whoever goes on begins exactly there. Not thread-safe.
 */
final class StateCopier implements AutoCloseable {
    private static final int POLL_RECORDS = 5_000;
    /** At a given rate, so that what is copied comes evenly. */
    private static final int POLLS_A_SECOND = 20;

    private static final int MOST_IN_TRANSACTION = 20_000;
    private static final long LONGEST_TRANSACTION_NANOS = Duration.ofMillis(500).toNanos();

    private final Layout from;
    private final Layout to;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Store> stores = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private boolean inTransaction;
    private long began;
    private long sent;
    private long total;

    /**
     * Goes on where the one before has come to.
     *
     * @param changelogs that are there
     * @param producer whose transactions are in use by nobody else meanwhile; stays the caller's
     */
    StateCopier(
            MoveConfig config,
            Layout from,
            Layout to,
            Map<Store, String> changelogs,
            KafkaProducer<byte[], byte[]> producer) {
        this.from = from;
        this.to = to;
        this.producer = producer;

        changelogs.forEach((store, topic) -> {
            stores.put(topic, store);
            partitions.addAll(Cluster.partitions(topic, from.partitions()));
        });
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-scale-state",
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group(config, to),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        Math.max(1, Math.min(POLL_RECORDS, config.rate() / POLLS_A_SECOND)),
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions);
    }

    /** Keeps how far the copying of a move is. */
    static String group(MoveConfig config, Layout to) {
        return to.transferGroup(config.applicationId());
    }

    static Map<Store, String> changelogs(String application) {
        Map<Store, String> names = new EnumMap<>(Store.class);
        for (Store store : Store.values()) {
            names.put(store, store.changelog(application));
        }
        return names;
    }

    /** Tells every task of the next layout that the copying begins: what it commits tells that it is there. */
    void begin() {
        toAll(MovedState.start());
        commit();
    }

    /** Copies what there is, for at most so long where there is nothing. */
    void step(Duration wait) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
        for (ConsumerRecord<byte[], byte[]> found : polled) {
            copy(found);
        }
        if (inTransaction
                && (polled.isEmpty()
                        || sent >= MOST_IN_TRANSACTION
                        || System.nanoTime() - began > LONGEST_TRANSACTION_NANOS)) {
            commit();
        }
    }

    /** Commits what it has begun: its producer is another's to use. */
    void settle() {
        if (inTransaction) {
            commit();
        }
    }

    /** How many records it has copied. */
    long copied() {
        return total;
    }

    /** How many offsets are left up to these ends. */
    long left(Map<TopicPartition, Long> ends) {
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
        }
        return left;
    }

    /** Where it reads. */
    List<TopicPartition> partitions() {
        return partitions;
    }

    /** Says that there is no more, in one transaction to all tasks. Nothing of the state may have been left. */
    void end() {
        toAll(MovedState.end());
        commit();
    }

    private void toAll(byte[] bytes) {
        beginTransaction();
        for (int partition = 0; partition < to.partitions(); partition++) {
            send(partition, null, bytes);
        }
    }

    private void copy(ConsumerRecord<byte[], byte[]> found) {
        Store store = stores.get(found.topic());
        if (store == null || found.key() == null) {
            return;
        }
        beginTransaction();
        MovedState.Parcel parcel = MovedState.pack(
                store, found.partition(), from.partitions(), to.partitions(), found.key(), found.value());
        for (int partition : parcel.partitions()) {
            send(partition, found.timestamp(), parcel.bytes());
        }
        total++;
    }

    private void send(int partition, @Nullable Long timestamp, byte[] bytes) {
        // What fails here fails the transaction's commit.
        var unused = producer.send(new ProducerRecord<>(to.transferTopic(), partition, timestamp, null, bytes));
        sent++;
    }

    private void beginTransaction() {
        if (!inTransaction) {
            producer.beginTransaction();
            inTransaction = true;
            began = System.nanoTime();
            sent = 0;
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            positions.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
        producer.commitTransaction();
        inTransaction = false;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
