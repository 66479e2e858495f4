package io.millrace.processor.store;

import io.millrace.codec.DecodeException;
import io.millrace.codec.QualityCodec;
import io.millrace.quality.QualityRecord;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 * Writes topic model-quality into PostgreSQL. Records replace one another by key, so what is read twice changes nothing:
 * unlike predictions, offsets are Kafka's own and committed after the rows. Few records: some a model and
 * {@code processor.quality.every}. Runs on a thread of its own; whoever starts it closes it.
 */
public final class QualityWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QualityWriter.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_MAINTENANCE = Duration.ofHours(1);

    private final StoreConfig config;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Connection connection;
    private long maintainedAt = System.nanoTime() - BETWEEN_MAINTENANCE.toNanos();

    private QualityWriter(StoreConfig config) {
        this.config = config;
        this.consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrap(),
                ConsumerConfig.GROUP_ID_CONFIG,
                config.group() + "-quality",
                ConsumerConfig.CLIENT_ID_CONFIG,
                "millrace-store-quality",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        this.thread = new Thread(this::run, "millrace-store-quality");
    }

    /** Starts writing. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}. */
    public static QualityWriter start(StoreConfig config) {
        QualityWriter writer = new QualityWriter(config);
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
            consumer.subscribe(List.of(Topic.MODEL_QUALITY.topicName()));
            Map<String, QualityRows.Row> unwritten = new LinkedHashMap<>();
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
                    .log("Model quality is no longer stored: restart the process once the cause is mended");
        } finally {
            disconnect();
        }
    }

    /** Of a key the last record alone matters. */
    private static void read(ConsumerRecords<byte[], byte[]> records, Map<String, QualityRows.Row> unwritten) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.key() == null || record.value() == null) {
                continue;
            }
            try {
                QualityRecord decoded = QualityCodec.decode(record.value());
                unwritten.put(
                        new String(record.key(), StandardCharsets.UTF_8), new QualityRows.Row(decoded, record.value()));
            } catch (DecodeException e) {
                log.atWarn()
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .log("A record on model-quality is none and is passed over: " + e.getMessage());
            }
        }
    }

    private void write(Map<String, QualityRows.Row> unwritten, Backoff backoff) {
        try {
            Connection open = connection();
            if (!unwritten.isEmpty()) {
                QualityRows.write(open, unwritten.values());
                unwritten.clear();
                consumer.commitAsync();
            }
            if (System.nanoTime() - maintainedAt >= BETWEEN_MAINTENANCE.toNanos()) {
                QualityRows.dropExpired(open, config.retention());
                maintainedAt = System.nanoTime();
            }
            backoff.succeeded();
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("Model quality cannot be stored at this moment");
            disconnect();
            backoff.failed();
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
