package io.millrace.processor.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer that a stream thread reads with. Partitions whose gate is shut are paused before each poll, whatever Streams
 * thinks of them: their records stay with the broker. Streams pauses partitions too, to bound its buffers and while it
 * restores, and knows nothing of these. Belongs to its thread.
 */
final class GatedConsumer extends KafkaConsumer<byte[], byte[]> {
    /** What comes ends a poll. This bounds how late a thread without work sees what else there is, such as another model. */
    private static final Duration IDLE = Duration.ofMillis(50);

    private final Predicate<TopicPartition> open;
    private final BooleanSupplier waits;
    private final Set<TopicPartition> shut = new HashSet<>();
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();

    /**
     * Connects to nothing yet.
     *
     * @param open asked before each poll, on the stream thread
     * @param waits asked before each poll that may wait: where nothing does, it waits longer
     */
    GatedConsumer(Map<String, Object> settings, Predicate<TopicPartition> open, BooleanSupplier waits) {
        super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.open = open;
        this.waits = waits;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Set<TopicPartition> assigned = assignment();
        shut.retainAll(assigned);
        pausedByStreams.retainAll(assigned);
        List<TopicPartition> closing = new ArrayList<>();
        List<TopicPartition> opening = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            if (!open.test(partition)) {
                closing.add(partition);
            } else if (shut.remove(partition) && !pausedByStreams.contains(partition)) {
                opening.add(partition);
            }
        }
        shut.addAll(closing);
        super.pause(closing);
        super.resume(opening);
        return super.poll(timeout.isZero() || waits.getAsBoolean() ? timeout : IDLE);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByStreams.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByStreams.removeAll(partitions);
        List<TopicPartition> may = new ArrayList<>(partitions);
        // One that was assigned in this moment has not been asked for yet.
        may.removeIf(partition -> shut.contains(partition) || !open.test(partition));
        partitions.stream().filter(partition -> !may.contains(partition)).forEach(shut::add);
        super.resume(may);
    }
}
