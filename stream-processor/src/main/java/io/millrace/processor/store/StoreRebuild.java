package io.millrace.processor.store;

import io.millrace.codec.DecodeException;
import io.millrace.codec.QualityCodec;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows that the store has lost, from the topics that they came from. Rows that are there stay as they are, so the
 * store's writer may run meanwhile. How far it is stands in the database with the rows, so an interrupted run is gone on
 * with. Not thread-safe; whoever makes it closes it.
 */
public final class StoreRebuild implements AutoCloseable {
    private static final List<String> TOPICS =
            List.of(Topic.PREDICTIONS.topicName(), Topic.SHADOW_PREDICTIONS.topicName());
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BROKER = Duration.ofSeconds(8);
    private static final String GROUP = "-rebuild";

    private final StoreConfig config;
    private final Clock clock;
    private final Database database;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long written;
    private long refused;
    private long expired;

    /**
     * How far it is.
     *
     * @param done offsets read, markers of transactions included
     * @param total of them
     * @param written rows that were missing
     * @param refused records that are no predictions; the store's writer handed them to dead-letters when it met them
     * @param passedOver records that are older than the retention, or of erased users
     * @param ended whether everything is done
     */
    public record Progress(long done, long total, long written, long refused, long passedOver, boolean ended) {}

    /** @param config of the store's writer */
    public StoreRebuild(StoreConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.database = new Database(config.withGroup(config.group() + GROUP), clock);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-store-rebuild",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) BROKER.toMillis(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        config.batchRows()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * What there is to read.
     *
     * @param from predictions of events that were received before it are left out; null for all that is kept
     * @throws KafkaException if the broker does not answer
     */
    public Progress plan(@Nullable Instant from) throws SQLException {
        List<TopicPartition> partitions = partitions(TOPICS);
        Map<TopicPartition, Long> at = begin(partitions, from);
        at.putAll(database.known(partitions));
        return progress(begin(partitions, from), at, consumer.endOffsets(partitions), false);
    }

    /**
     * Reads to where the topics end now.
     *
     * @param from as for {@link #plan}
     * @param anew forgets how far an interrupted run was
     * @param listener told after each transaction
     * @throws KafkaException if the broker does not answer
     */
    public Progress run(@Nullable Instant from, boolean anew, Consumer<Progress> listener) throws SQLException {
        written = 0;
        refused = 0;
        expired = -database.erased();
        database.makeReady();
        if (anew) {
            database.forgetOffsets();
        }
        List<TopicPartition> partitions = partitions(TOPICS);
        Map<TopicPartition, Long> beginnings = begin(partitions, from);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> at = new HashMap<>(database.positions(partitions, beginnings, ids(partitions)));
        consumer.assign(partitions);
        at.forEach((partition, offset) ->
                consumer.seek(partition, Math.max(offset, beginnings.getOrDefault(partition, 0L))));
        Intake intake = new Intake(database.partitions(), clock);
        while (!isOver(ends)) {
            store(new Batch(consumer.poll(POLL), intake), intake, at);
            listener.accept(progress(beginnings, at, ends, false));
        }
        quality();
        database.forgetOffsets();
        return progress(beginnings, ends, ends, true);
    }

    private void store(Batch batch, Intake intake, Map<TopicPartition, Long> at) throws SQLException {
        while (!batch.isDone()) {
            Batch.Piece piece = batch.piece();
            Map<TopicPartition, StoredOffsets.Advance> advances = new LinkedHashMap<>();
            piece.ends()
                    .forEach((partition, end) ->
                            advances.put(partition, new StoredOffsets.Advance(at.getOrDefault(partition, 0L), end)));
            try {
                written += database.write(piece.rows(), advances);
            } catch (FencedException e) {
                throw new SQLException("another rebuild of the store runs: expected one at a time", e);
            } catch (SQLException e) {
                if (SqlFault.of(e) == SqlFault.ROW && !piece.rows().isEmpty()) {
                    batch.refused(intake, e.getMessage());
                    continue;
                }
                throw e;
            }
            refused += piece.refused().size();
            expired += piece.passedOver();
            at.putAll(piece.ends());
            batch.stored();
        }
    }

    /** Counts replace one another by their time, so all that are kept may be written again. */
    private void quality() throws SQLException {
        List<TopicPartition> partitions = partitions(List.of(Topic.MODEL_QUALITY.topicName()));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!isOver(ends)) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            Map<String, QualityRows.Row> rows = new LinkedHashMap<>();
            for (ConsumerRecord<byte[], byte[]> found : polled) {
                if (found.key() != null && found.value() != null) {
                    try {
                        rows.put(
                                new String(found.key(), StandardCharsets.UTF_8),
                                new QualityRows.Row(QualityCodec.decode(found.value()), found.value()));
                    } catch (DecodeException e) {
                        refused++;
                    }
                }
            }
            if (!rows.isEmpty()) {
                database.quality(rows.values());
            }
        }
    }

    private Map<String, String> ids(List<TopicPartition> partitions) {
        return TopicIds.of(
                config.bootstrap(),
                partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    }

    private boolean isOver(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private List<TopicPartition> partitions(List<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic).forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
        }
        return partitions;
    }

    /** A record's time is that of its event's receipt. */
    private Map<TopicPartition, Long> begin(Collection<TopicPartition> partitions, @Nullable Instant from) {
        Map<TopicPartition, Long> beginnings = new HashMap<>(consumer.beginningOffsets(partitions));
        if (from != null) {
            Map<TopicPartition, Long> asked = new HashMap<>();
            partitions.forEach(partition -> asked.put(partition, from.toEpochMilli()));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp at = found.get(partition);
                beginnings.put(partition, at == null ? ends.getOrDefault(partition, 0L) : at.offset());
            }
        }
        return beginnings;
    }

    private Progress progress(
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> at,
            Map<TopicPartition, Long> ends,
            boolean ended) {
        long done = 0;
        long total = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long beginning = beginnings.getOrDefault(end.getKey(), 0L);
            total += end.getValue() - beginning;
            done += Math.max(0, Math.min(end.getValue(), at.getOrDefault(end.getKey(), beginning)) - beginning);
        }
        return new Progress(done, total, written, refused, expired + database.erased(), ended);
    }

    @Override
    public void close() {
        consumer.close();
        database.close();
    }
}
