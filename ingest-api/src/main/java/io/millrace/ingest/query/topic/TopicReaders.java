package io.millrace.ingest.query.topic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * So many consumers and no more, made when they are first needed and lent to one thread at a time. They belong to no group,
 * commit nothing and see only what is committed. Thread-safe; whoever makes it closes it, after its borrowers have ended.
 */
public final class TopicReaders implements AutoCloseable {
    private static final int FETCH_BYTES = 4 << 20;
    private static final int PARTITION_BYTES = 1 << 20;
    private static final int BACKOFF_MILLIS = 50;
    private static final int LONGEST_BACKOFF_MILLIS = 500;
    /** How long a call may wait for a broker that does not answer. */
    private static final int PATIENCE_MILLIS = 3_000;
    /** New partitions are seen after so long at the latest. */
    private static final int METADATA_MILLIS = 10_000;

    private final String bootstrap;
    private final String name;
    private final int records;
    private final Semaphore places;
    private final Deque<Consumer<byte[], byte[]>> idle = new ArrayDeque<>();
    private boolean closed;

    /**
     * Connects nothing yet.
     *
     * @param name what the broker and its metrics call them
     * @param most consumers at a time
     * @param records of one poll
     */
    public TopicReaders(String bootstrap, String name, int most, int records) {
        this.records = records;
        this.bootstrap = bootstrap;
        this.name = name;
        this.places = new Semaphore(most);
    }

    /** One consumer for a thread, until it gives it back. */
    public final class Loan implements AutoCloseable {
        private final Consumer<byte[], byte[]> consumer;
        private boolean sound;

        private Loan(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        public Consumer<byte[], byte[]> consumer() {
            return consumer;
        }

        /** The borrower found no fault with it: the next one may have it. */
        public void isSound() {
            sound = true;
        }

        @Override
        public void close() {
            giveBack(consumer, sound);
        }
    }

    /** A consumer of its own for who needs one for long; whoever asks for it closes it. */
    public static Consumer<byte[], byte[]> connect(String bootstrap, String name, int records) {
        return new KafkaConsumer<>(
                Map.ofEntries(
                        Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, name),
                        Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                        Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                        Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                        // What is gone must be told, not jumped over.
                        Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
                        Map.entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES),
                        Map.entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES),
                        Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records),
                        Map.entry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MILLIS),
                        Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS),
                        Map.entry(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS),
                        Map.entry(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, BACKOFF_MILLIS),
                        Map.entry(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_BACKOFF_MILLIS)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A consumer without an assignment; empty where all are lent. */
    public Optional<Loan> borrow() {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        Consumer<byte[], byte[]> consumer;
        synchronized (idle) {
            consumer = closed ? null : idle.poll();
        }
        try {
            return Optional.of(new Loan(consumer == null ? connect(bootstrap, name, records) : consumer));
        } catch (RuntimeException e) {
            places.release();
            throw e;
        }
    }

    private void giveBack(Consumer<byte[], byte[]> consumer, boolean sound) {
        boolean kept = false;
        if (sound) {
            // Drops what was fetched and not read.
            consumer.unsubscribe();
            synchronized (idle) {
                if (!closed) {
                    idle.push(consumer);
                    kept = true;
                }
            }
        }
        if (!kept) {
            consumer.close();
        }
        places.release();
    }

    @Override
    public void close() {
        Deque<Consumer<byte[], byte[]>> left;
        synchronized (idle) {
            closed = true;
            left = new ArrayDeque<>(idle);
            idle.clear();
        }
        left.forEach(Consumer::close);
    }
}
