package io.millrace.processor.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies topics into tables whose rows are known by their records' places or keys, so that what is read twice changes nothing:
 * unlike those of predictions, offsets are Kafka's own and committed after the rows. Waits for a broker or a database that is
 * away. Runs on a thread of its own.
 */
final class TopicCopy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicCopy.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_MAINTENANCE = Duration.ofHours(1);

    private final Target target;
    private final Map<String, Object> settings;
    private final OneConnection connection;
    private final Backoff backoff;
    private final Thread thread;
    private final Object lock = new Object();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Consumer<byte[], byte[]> polling;
    private long maintainedAt = System.nanoTime() - BETWEEN_MAINTENANCE.toNanos();

    /** The tables. Called by the copy's thread alone. */
    interface Target {
        /** What is stored, as a sentence about it begins, such as {@code Dead letters}. */
        String what();

        /** Keeps it until it is written; a record that is none is told of and passed over. */
        void take(ConsumerRecord<byte[], byte[]> found);

        boolean isEmpty();

        /** Whether what has to be known before is. */
        default boolean mayWrite() {
            return true;
        }

        /** Writes and commits what was taken; only then it is forgotten. */
        void write(Connection open) throws SQLException;

        /** Deletes and commits what is past its time. */
        void dropExpired(Connection open) throws SQLException;
    }

    /**
     * Starts copying. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}.
     *
     * @param suffix of the group's and the client's name
     * @param limits the consumer's, beside those of all
     */
    static TopicCopy start(
            StoreConfig config, String suffix, List<String> topics, Map<String, Object> limits, Target target) {
        Map<String, Object> settings = new HashMap<>(limits);
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.group() + "-" + suffix);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "millrace-store-" + suffix);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        TopicCopy copy = new TopicCopy(config, "millrace-store-" + suffix, topics, settings, target);
        copy.thread.start();
        return copy;
    }

    private TopicCopy(
            StoreConfig config, String name, List<String> topics, Map<String, Object> settings, Target target) {
        this.target = target;
        this.settings = settings;
        this.connection = new OneConnection(config);
        this.backoff = new Backoff(config.longestBackoff());
        this.thread = new Thread(() -> run(topics), name);
    }

    @Override
    public void close() {
        closing.countDown();
        synchronized (lock) {
            if (polling != null) {
                polling.wakeup();
            }
        }
        Ended.join(thread);
    }

    private void run(List<String> topics) {
        Backoff again = new Backoff(Duration.ofSeconds(30));
        try (connection) {
            while (closing.getCount() > 0) {
                try {
                    copy(topics, again);
                } catch (WakeupException | InterruptException e) {
                    throw e;
                } catch (RuntimeException e) {
                    log.atError().setCause(e).log(target.what() + " are not stored; trying again with a new consumer");
                    again.failed();
                    closing.await(again.remaining().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            log.atDebug().log("Woken to close");
        }
    }

    private void copy(List<String> topics, Backoff again) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            synchronized (lock) {
                polling = consumer;
            }
            consumer.subscribe(topics);
            while (closing.getCount() > 0) {
                // What is in hand is written before more is read; polling goes on all the same, or the group would take
                // us for dead.
                if (target.isEmpty()) {
                    consumer.resume(consumer.paused());
                } else {
                    consumer.pause(consumer.assignment());
                }
                consumer.poll(POLL).forEach(target::take);
                if (backoff.remaining().isZero()) {
                    write(consumer);
                }
                again.succeeded();
            }
        } finally {
            synchronized (lock) {
                polling = null;
            }
        }
    }

    private void write(Consumer<byte[], byte[]> consumer) {
        try {
            Connection open = connection.get();
            if (!target.isEmpty() && target.mayWrite()) {
                target.write(open);
                consumer.commitAsync();
            }
            if (System.nanoTime() - maintainedAt >= BETWEEN_MAINTENANCE.toNanos()) {
                target.dropExpired(open);
                maintainedAt = System.nanoTime();
            }
            backoff.succeeded();
        } catch (SQLException e) {
            log.atDebug().setCause(e).log(target.what() + " cannot be stored at this moment");
            connection.close();
            backoff.failed();
        }
    }
}
