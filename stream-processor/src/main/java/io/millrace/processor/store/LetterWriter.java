package io.millrace.processor.store;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.codec.RedriveCodec;
import io.millrace.deadletter.LetterId;
import io.millrace.topic.Topic;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes topics dead-letters and redrives into PostgreSQL, for who looks for what was refused. A record's place is its row's
 * key, so what is read twice changes nothing: unlike predictions, offsets are Kafka's own and committed after the rows. Runs on
 * a thread of its own; whoever starts it closes it.
 */
public final class LetterWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LetterWriter.class);
    private static final Duration POLL = Duration.ofMillis(500);
    /** A letter has up to 90 KB: with these two the writer holds some megabytes. */
    private static final int MOST_RECORDS = 200;

    private static final int FETCH_BYTES = 8 << 20;
    private static final Duration BETWEEN_MAINTENANCE = Duration.ofHours(1);

    private final StoreConfig config;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Connection connection;
    private long maintainedAt = System.nanoTime() - BETWEEN_MAINTENANCE.toNanos();

    private LetterWriter(StoreConfig config) {
        this.config = config;
        this.consumer = new KafkaConsumer<>(Map.ofEntries(
                Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap()),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, config.group() + "-letters"),
                Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, "millrace-store-letters"),
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS),
                Map.entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES),
                Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class),
                Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class)));
        this.thread = new Thread(this::run, "millrace-store-letters");
    }

    /** Starts writing. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}. */
    public static LetterWriter start(StoreConfig config) {
        LetterWriter writer = new LetterWriter(config);
        writer.thread.start();
        return writer;
    }

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Backoff backoff = new Backoff(config.longestBackoff());
        try (consumer) {
            consumer.subscribe(List.of(Topic.DEAD_LETTERS.topicName(), Topic.REDRIVES.topicName()));
            List<LetterRows.Row> unwritten = new ArrayList<>();
            while (closing.getCount() > 0) {
                // What is in hand is written before more is read; polling goes on all the same, or the group would take
                // us for dead.
                if (unwritten.isEmpty()) {
                    consumer.resume(consumer.paused());
                } else {
                    consumer.pause(consumer.assignment());
                }
                read(consumer.poll(POLL), unwritten);
                if (backoff.remaining().isZero()) {
                    write(unwritten, backoff);
                }
            }
        } catch (WakeupException e) {
            log.atDebug().log("Woken to close");
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .log("Dead letters are no longer stored: restart the process once the cause is mended");
        } finally {
            disconnect();
        }
    }

    private static void read(ConsumerRecords<byte[], byte[]> records, List<LetterRows.Row> unwritten) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] value = record.value();
            if (value == null) {
                continue;
            }
            try {
                unwritten.add(
                        record.topic().equals(Topic.REDRIVES.topicName())
                                ? new LetterRows.Row.PutBack(RedriveCodec.decode(value))
                                : new LetterRows.Row.Letter(
                                        new LetterId(record.partition(), record.offset()),
                                        DeadLetterCodec.decode(value),
                                        value));
            } catch (DecodeException e) {
                log.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .log("A record is no dead letter and is passed over: " + e.getMessage());
            }
        }
    }

    private void write(List<LetterRows.Row> unwritten, Backoff backoff) {
        try {
            Connection open = connection();
            if (!unwritten.isEmpty()) {
                write(open, unwritten);
                unwritten.clear();
                consumer.commitAsync();
            }
            if (System.nanoTime() - maintainedAt >= BETWEEN_MAINTENANCE.toNanos()) {
                LetterRows.dropExpired(open, config.retention(), Instant.now());
                maintainedAt = System.nanoTime();
            }
            backoff.succeeded();
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("Dead letters cannot be stored at this moment");
            disconnect();
            backoff.failed();
        }
    }

    /** All at once; where PostgreSQL refuses some row, one by one without it: its letter stays on the topic. */
    private static void write(Connection open, List<LetterRows.Row> rows) throws SQLException {
        try {
            LetterRows.write(open, rows);
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.ROW) {
                throw e;
            }
            open.rollback();
            for (LetterRows.Row row : rows) {
                writeOne(open, row);
            }
        }
    }

    private static void writeOne(Connection open, LetterRows.Row row) throws SQLException {
        try {
            LetterRows.write(open, List.of(row));
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.ROW) {
                throw e;
            }
            open.rollback();
            log.atError().setCause(e).log("PostgreSQL refused a dead letter; it is on the topic alone");
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = StoreConnection.open(config.postgres(), config.timeout());
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("A broken connection did not close cleanly");
            }
        }
    }
}
