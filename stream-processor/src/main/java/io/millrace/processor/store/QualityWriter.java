package io.millrace.processor.store;

import io.millrace.codec.DecodeException;
import io.millrace.codec.QualityCodec;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes topic model-quality into PostgreSQL: a few records a model and {@code processor.quality.every}, which replace one
 * another by key. Runs on a thread of its own; whoever starts it closes it.
 */
public final class QualityWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QualityWriter.class);

    private final TopicCopy copy;

    private QualityWriter(TopicCopy copy) {
        this.copy = copy;
    }

    /** Starts writing. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}. */
    public static QualityWriter start(StoreConfig config) {
        return new QualityWriter(TopicCopy.start(
                config,
                "quality",
                List.of(Topic.MODEL_QUALITY.topicName()),
                Map.of(),
                new Windows(config.retention())));
    }

    @Override
    public void close() {
        copy.close();
    }

    private static final class Windows implements TopicCopy.Target {
        private final Duration retention;
        /** Of a key the last record alone matters. */
        private final Map<String, QualityRows.Row> unwritten = new LinkedHashMap<>();

        Windows(Duration retention) {
            this.retention = retention;
        }

        @Override
        public String what() {
            return "Windows of model quality";
        }

        @Override
        public boolean isEmpty() {
            return unwritten.isEmpty();
        }

        @Override
        public void take(ConsumerRecord<byte[], byte[]> found) {
            if (found.key() == null || found.value() == null) {
                return;
            }
            try {
                unwritten.put(
                        new String(found.key(), StandardCharsets.UTF_8),
                        new QualityRows.Row(QualityCodec.decode(found.value()), found.value()));
            } catch (DecodeException e) {
                log.atWarn()
                        .addKeyValue("partition", found.partition())
                        .addKeyValue("offset", found.offset())
                        .log("A record on model-quality is none and is passed over: " + e.getMessage());
            }
        }

        @Override
        public void write(Connection open) throws SQLException {
            QualityRows.write(open, unwritten.values());
            unwritten.clear();
        }

        @Override
        public void dropExpired(Connection open) throws SQLException {
            QualityRows.dropExpired(open, retention);
        }
    }
}
