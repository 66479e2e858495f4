package io.millrace.processor.store;

import io.millrace.processor.store.StoredOffsets.Advance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this writer has, and where the database says they stand. A partition is paused from the moment it is
 * assigned until its position was read from the database: Kafka's own idea of it never counts. Belongs to one thread.
 */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Assignment.class);
    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Collection<TopicPartition>> whenGone;
    private final Map<TopicPartition, Long> stored = new HashMap<>();
    private final Set<TopicPartition> unpositioned = new HashSet<>();
    /** The topics' ids, as they were when positions were read. */
    private final Map<String, String> known = new HashMap<>();

    Assignment(KafkaConsumer<byte[], byte[]> consumer, Consumer<Collection<TopicPartition>> whenGone) {
        this.consumer = consumer;
        this.whenGone = whenGone;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        unpositioned.addAll(partitions);
        consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        stored.keySet().removeAll(partitions);
        unpositioned.removeAll(partitions);
        whenGone.accept(partitions);
    }

    /** Another writer got in between: all positions are read anew. */
    void forget() {
        stored.clear();
        unpositioned.addAll(consumer.assignment());
        consumer.pause(unpositioned);
    }

    void pause() {
        consumer.pause(consumer.assignment());
    }

    /** Resumes what has a position; the rest waits for {@link #position}. */
    void resume() {
        consumer.resume(stored.keySet());
    }

    /** Reads the positions that are missing, seeks to them and resumes. */
    void position(Database database, TopicIds topics) throws SQLException {
        if (unpositioned.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(unpositioned, BROKER_TIMEOUT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(unpositioned, BROKER_TIMEOUT);
        known.putAll(topics.of(unpositioned.stream().map(TopicPartition::topic).collect(Collectors.toSet())));
        Map<TopicPartition, Long> positions = database.positions(unpositioned, beginnings, known);
        positions.forEach((partition, position) -> {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, Long.MAX_VALUE);
            consumer.seek(partition, start(partition, position, beginning, end));
            // Even where reading starts elsewhere, this is what the next step must find in the database.
            stored.put(partition, position);
        });
        consumer.resume(positions.keySet());
        unpositioned.removeAll(positions.keySet());
    }

    /** Whether a topic was made anew since its positions were read: then they are read anew. */
    boolean isOfAnotherTopic(TopicIds topics) {
        Map<String, String> now = topics.of(known.keySet());
        return now.entrySet().stream().anyMatch(one -> !one.getValue().equals(known.get(one.getKey())));
    }

    /** Where the partitions of a piece stand and where they will. */
    Map<TopicPartition, Advance> advances(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Advance> advances = new LinkedHashMap<>();
        ends.forEach((partition, end) -> {
            Long expected = stored.get(partition);
            if (expected == null) {
                throw new IllegalStateException("records of " + partition + ", which has no position");
            }
            advances.put(partition, new Advance(expected, end));
        });
        return advances;
    }

    void stored(Map<TopicPartition, Long> ends) {
        stored.putAll(ends);
    }

    /** Tells Kafka where we stand, for the tools that show lag; nothing reads it back. */
    void publish() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        stored.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, problem) -> {
                if (problem != null) {
                    log.atDebug().setCause(problem).log("Kafka did not take the offsets; lag looks larger than it is");
                }
            });
        }
    }

    /**
     * How many records are not stored yet.
     *
     * @param waiting the records that were read and are not stored; a partition without any stands where it reads
     */
    long lag(Batch waiting) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), BROKER_TIMEOUT);
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            Long at = stored.get(end.getKey());
            if (at != null) {
                // Reading passes over the markers of transactions, which are offsets and no records.
                long reached = waiting.isWaiting(end.getKey()) ? at : Math.max(at, consumer.position(end.getKey()));
                lag += Math.max(0, end.getValue() - reached);
            }
        }
        return lag;
    }

    private static long start(TopicPartition partition, long position, long beginning, long end) {
        if (position >= beginning && position <= end) {
            return position;
        }
        if (position < beginning) {
            log.atError()
                    .addKeyValue("partition", partition)
                    .addKeyValue("stored", position)
                    .addKeyValue("beginning", beginning)
                    .log("The topic has dropped records before they were stored; the store goes on after the gap");
        } else {
            log.atError()
                    .addKeyValue("partition", partition)
                    .addKeyValue("stored", position)
                    .addKeyValue("end", end)
                    .log(
                            "The topic ends before what is stored, so it was made anew; the store reads it from its start");
        }
        return beginning;
    }
}
