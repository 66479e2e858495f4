package io.millrace.ingest.query.event;

import io.millrace.layout.Layout;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a topic, and through those that the pipeline has moved from or to, for one event, window after window, until it found something in one, or has been everywhere, or its
 * time is up. Blocks; used once, by one thread.
 */
final class TopicSearch {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Function<ConsumerRecord<byte[], byte[]>, Optional<Finding>> reader;
    private final TimeLimit limit;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Looks at nothing yet.
     *
     * @param reader what a record says of the event that is looked for, if it says anything
     * @param now what counts as the newest
     */
    TopicSearch(
            Consumer<byte[], byte[]> consumer,
            Topic topic,
            Function<ConsumerRecord<byte[], byte[]>, Optional<Finding>> reader,
            TimeLimit limit,
            Instant now) {
        this.consumer = consumer;
        this.topic = topic.topicName();
        this.reader = reader;
        this.limit = limit;
        this.now = now;
    }

    /**
     * Searches.
     *
     * @param windows next to each other, the likeliest first
     * @param key the record's, if it is known: its partition is searched before the others
     */
    Searched through(List<Window> windows, byte @Nullable [] key) {
        List<TopicPartition> all = partitions();
        if (key == null) {
            return through(windows, all);
        }
        // Where the default partitioner puts it. Elsewhere only what was there before partitions were added.
        Map<String, Long> counts =
                all.stream().collect(Collectors.groupingBy(TopicPartition::topic, Collectors.counting()));
        int hash = Utils.toPositive(Utils.murmur2(key));
        Map<Boolean, List<TopicPartition>> parts = all.stream()
                .collect(Collectors.partitioningBy(
                        partition -> partition.partition() == hash % counts.getOrDefault(partition.topic(), 1L)));
        Searched own = through(windows, parts.getOrDefault(true, List.of()));
        if (!own.findings().isEmpty() || !own.complete()) {
            return own;
        }
        Searched others = through(windows, parts.getOrDefault(false, List.of()));
        return others.findings().isEmpty() && !others.complete()
                ? new Searched(topic, List.of(), own.to(), own.to(), false)
                : others;
    }

    private Searched through(List<Window> windows, List<TopicPartition> partitions) {
        Window done = new Window(now, now);
        int finished = 0;
        for (Window window : windows) {
            if (!finish(window, partitions)) {
                break;
            }
            finished++;
            done = finished == 1 ? window : join(done, window);
            if (!findings.isEmpty()) {
                break;
            }
        }
        Instant to = done.to();
        return new Searched(
                topic, findings, done.from(), to == null || to.isAfter(now) ? now : to, finished == windows.size());
    }

    private static Window join(Window done, Window next) {
        boolean isEarlier = next.to() != null && next.to().equals(done.from());
        return isEarlier ? new Window(next.from(), done.to()) : new Window(done.from(), next.to());
    }

    private List<TopicPartition> partitions() {
        Map<String, List<PartitionInfo>> known = Layout.isEvents(topic)
                ? consumer.listTopics()
                : Map.of(topic, Objects.requireNonNullElse(consumer.partitionsFor(topic), List.<PartitionInfo>of()));
        return known.entrySet().stream()
                .filter(one -> one.getKey().equals(topic) || Layout.isEvents(one.getKey()))
                .flatMap(one -> one.getValue().stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    /** False where the time was up before. */
    private boolean finish(Window window, List<TopicPartition> partitions) {
        if (limit.isOver()) {
            return false;
        }
        Map<TopicPartition, Long> ends = offsets(window.to(), partitions, consumer.endOffsets(partitions));
        Map<TopicPartition, Long> starts = window.from() == null
                ? consumer.beginningOffsets(partitions)
                : offsets(window.from(), partitions, ends);
        List<TopicPartition> left = new ArrayList<>(partitions);
        left.removeIf(partition -> starts.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L));
        consumer.assign(left);
        left.forEach(partition -> consumer.seek(partition, starts.getOrDefault(partition, 0L)));
        while (!left.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> found : poll()) {
                if (found.offset() < ends.getOrDefault(new TopicPartition(found.topic(), found.partition()), 0L)) {
                    reader.apply(found).ifPresent(findings::add);
                }
            }
            if (left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L))) {
                consumer.assign(left);
            }
            if (!left.isEmpty() && limit.isOver()) {
                return false;
            }
        }
        return true;
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            // Retention took it while we looked.
            consumer.seekToBeginning(e.partitions());
            return List.of();
        }
    }

    /** The first offset at or after a time, by partition; the end where there is none, or no time is given. */
    private Map<TopicPartition, Long> offsets(
            @Nullable Instant time, List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> offsets = new HashMap<>(ends);
        if (time != null) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, Math.max(0, time.toEpochMilli())));
            consumer.offsetsForTimes(times).forEach((partition, first) -> set(offsets, partition, first));
        }
        return offsets;
    }

    private static void set(
            Map<TopicPartition, Long> offsets, TopicPartition partition, @Nullable OffsetAndTimestamp first) {
        if (first != null) {
            offsets.merge(partition, first.offset(), Math::min);
        }
    }
}
