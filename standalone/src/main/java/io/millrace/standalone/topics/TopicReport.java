package io.millrace.standalone.topics;

import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Looks at Millrace's topics and at the lag of the groups that read them. Not thread-safe; whoever makes it closes it. */
public final class TopicReport implements AutoCloseable {
    private final String bootstrap;
    private final Duration patience;
    private final Admin admin;
    private long deadline;

    /** @param patience of one look, whoever is away */
    public TopicReport(String bootstrap, Duration patience) {
        this.bootstrap = bootstrap;
        this.patience = patience;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "millrace-topics",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis()));
    }

    /**
     * One topic.
     *
     * @param records what is kept, transaction markers included
     * @param bytes on disk, of one replica of each partition
     * @param ends the end offset of each partition
     */
    public record TopicState(
            String topic, int partitions, int replicas, long records, OptionalLong bytes, List<Long> ends) {
        public TopicState {
            ends = List.copyOf(ends);
        }
    }

    /**
     * A group's place in one topic.
     *
     * @param lag how many records are behind the ends; empty if the group never committed there
     */
    public record GroupState(String group, String topic, OptionalLong lag) {}

    /** What was seen. */
    public record State(List<TopicState> topics, List<GroupState> groups, List<String> missing) {
        public State {
            topics = List.copyOf(topics);
            groups = List.copyOf(groups);
            missing = List.copyOf(missing);
        }
    }

    /**
     * Looks.
     *
     * @param readers the groups, with the topic that each reads
     * @param application whose changelogs are shown too
     * @throws TopicsUnreachableException if the broker does not answer
     */
    public State look(Map<String, String> readers, String application) throws InterruptedException {
        deadline = System.nanoTime() + patience.toNanos();
        try {
            return see(readers, application);
        } catch (TimeoutException e) {
            throw new TopicsUnreachableException(silent(), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicsUnreachableException(
                    cause instanceof org.apache.kafka.common.errors.TimeoutException
                            ? silent()
                            : "Kafka at " + bootstrap + ": " + cause.getMessage(),
                    e);
        }
    }

    private String silent() {
        return "Kafka at " + bootstrap + " does not answer within " + patience.toSeconds() + " s";
    }

    private State see(Map<String, String> readers, String application)
            throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> ours = new LinkedHashSet<>(readers.values());
        ours.addAll(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
        List<String> shown = new ArrayList<>(ours);
        List<String> there = get(admin.listTopics().names()).stream()
                .sorted()
                .filter(topic -> ours.contains(topic) || isChangelog(topic, application))
                .toList();
        there.stream().filter(topic -> !ours.contains(topic)).forEach(shown::add);
        Map<String, TopicDescription> described =
                get(admin.describeTopics(there).allTopicNames());
        List<TopicPartition> partitions = new ArrayList<>();
        described.forEach((topic, description) ->
                description.partitions().forEach(one -> partitions.add(new TopicPartition(topic, one.partition()))));
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<String, Long> bytes = bytes(described.keySet());
        List<TopicState> topics = new ArrayList<>();
        for (String topic : shown) {
            TopicDescription description = described.get(topic);
            if (description != null) {
                topics.add(state(description, starts, ends, bytes));
            }
        }
        List<GroupState> groups = new ArrayList<>();
        for (Map.Entry<String, String> reader : new TreeMap<>(readers).entrySet()) {
            groups.add(group(reader.getKey(), reader.getValue(), ends));
        }
        return new State(
                topics,
                groups,
                ours.stream().filter(topic -> !there.contains(topic)).toList());
    }

    private static boolean isChangelog(String topic, String application) {
        return topic.startsWith(application + "-") && topic.endsWith("-changelog");
    }

    /** Nothing where the brokers do not tell, as hosted ones may not. */
    private Map<String, Long> bytes(Collection<String> topics) throws TimeoutException, InterruptedException {
        Map<TopicPartition, Long> largest = new HashMap<>();
        try {
            List<Integer> brokers = get(admin.describeCluster().nodes()).stream()
                    .map(node -> node.id())
                    .toList();
            for (Map<String, LogDirDescription> dirs :
                    get(admin.describeLogDirs(brokers).allDescriptions()).values()) {
                dirs.values()
                        .forEach(dir -> dir.replicaInfos().forEach((partition, replica) -> {
                            if (topics.contains(partition.topic())) {
                                largest.merge(partition, replica.size(), Math::max);
                            }
                        }));
            }
        } catch (ExecutionException e) {
            return Map.of();
        }
        Map<String, Long> bytes = new HashMap<>();
        largest.forEach((partition, size) -> bytes.merge(partition.topic(), size, Long::sum));
        return bytes;
    }

    private static TopicState state(
            TopicDescription description,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Map<String, Long> bytes) {
        List<Long> endOffsets = new ArrayList<>();
        long records = 0;
        for (var partition : description.partitions()) {
            TopicPartition key = new TopicPartition(description.name(), partition.partition());
            long end = ends.getOrDefault(key, 0L);
            endOffsets.add(end);
            records += end - starts.getOrDefault(key, 0L);
        }
        int replicas = description.partitions().get(0).replicas().size();
        Long size = bytes.get(description.name());
        return new TopicState(
                description.name(),
                endOffsets.size(),
                replicas,
                records,
                size == null ? OptionalLong.empty() : OptionalLong.of(size),
                endOffsets);
    }

    private GroupState group(String group, String topic, Map<TopicPartition, Long> ends)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long lag = 0;
        boolean any = false;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (end.getKey().topic().equals(topic)) {
                OffsetAndMetadata offset = committed.get(end.getKey());
                any |= offset != null;
                // The group may have gone on since the ends were asked for.
                lag += Math.max(0, end.getValue() - (offset == null ? 0 : offset.offset()));
            }
        }
        return new GroupState(group, topic, any ? OptionalLong.of(lag) : OptionalLong.empty());
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(admin.listOffsets(asked).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
