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
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes topics dead-letters and redrives into PostgreSQL, for who looks for what was refused. A record's place is its row's
 * key. Runs on a thread of its own; whoever starts it closes it.
 */
public final class LetterWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LetterWriter.class);
    /** A letter has up to 90 KB: with these two the writer holds some megabytes. */
    private static final int MOST_RECORDS = 200;

    private static final int FETCH_BYTES = 8 << 20;

    private final TopicCopy copy;

    private LetterWriter(TopicCopy copy) {
        this.copy = copy;
    }

    /**
     * Starts writing. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}.
     *
     * @param erasedAreKnown whether it is known who was erased; no letter is stored before
     */
    public static LetterWriter start(StoreConfig config, BooleanSupplier erasedAreKnown) {
        return new LetterWriter(TopicCopy.start(
                config,
                "letters",
                List.of(Topic.DEAD_LETTERS.topicName(), Topic.REDRIVES.topicName()),
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES),
                new Letters(config.retention(), erasedAreKnown)));
    }

    @Override
    public void close() {
        copy.close();
    }

    private static final class Letters implements TopicCopy.Target {
        private final Duration retention;
        private final BooleanSupplier erasedAreKnown;
        private final List<LetterRows.Row> unwritten = new ArrayList<>();

        Letters(Duration retention, BooleanSupplier erasedAreKnown) {
            this.retention = retention;
            this.erasedAreKnown = erasedAreKnown;
        }

        @Override
        public String what() {
            return "Dead letters";
        }

        @Override
        public boolean isEmpty() {
            return unwritten.isEmpty();
        }

        @Override
        public boolean mayWrite() {
            return erasedAreKnown.getAsBoolean();
        }

        @Override
        public void take(ConsumerRecord<byte[], byte[]> found) {
            byte[] value = found.value();
            if (value == null) {
                return;
            }
            try {
                unwritten.add(
                        found.topic().equals(Topic.REDRIVES.topicName())
                                ? new LetterRows.Row.PutBack(RedriveCodec.decode(value))
                                : new LetterRows.Row.Letter(
                                        new LetterId(found.partition(), found.offset()),
                                        DeadLetterCodec.decode(value),
                                        value));
            } catch (DecodeException e) {
                log.atWarn()
                        .addKeyValue("topic", found.topic())
                        .addKeyValue("partition", found.partition())
                        .addKeyValue("offset", found.offset())
                        .log("A record is no dead letter and is passed over: " + e.getMessage());
            }
        }

        /** All at once; where PostgreSQL refuses some row, one by one without it: its letter stays on the topic. */
        @Override
        public void write(Connection open) throws SQLException {
            try {
                LetterRows.write(open, unwritten);
            } catch (SQLException e) {
                if (SqlFault.of(e) != SqlFault.ROW) {
                    throw e;
                }
                open.rollback();
                for (LetterRows.Row row : unwritten) {
                    writeOne(open, row);
                }
            }
            unwritten.clear();
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

        @Override
        public void dropExpired(Connection open) throws SQLException {
            LetterRows.dropExpired(open, retention, Instant.now());
        }
    }
}
