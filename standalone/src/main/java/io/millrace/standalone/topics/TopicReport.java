package io.millrace.standalone.topics;

import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** One look at Millrace's topics and at the lag of the groups that read them. */
public final class TopicReport {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private TopicReport() {}

    /**
     * One topic.
     *
     * @param records what is kept, transaction markers included
     * @param ends the end offset of each partition
     */
    public record TopicState(String topic, int partitions, int replicas, long records, List<Long> ends) {
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
     * @throws TopicsUnreachableException if the broker does not answer
     */
    public static State look(String bootstrap, Map<String, String> readers) throws InterruptedException {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) TIMEOUT.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) TIMEOUT.toMillis() / 3);
        try (Admin admin = Admin.create(config)) {
            return look(admin, readers);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicsUnreachableException(
                    "Kafka at " + bootstrap + " does not answer: " + cause.getMessage(), e);
        }
    }

    private static State look(Admin admin, Map<String, String> readers)
            throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> ours = new LinkedHashSet<>(readers.values());
        ours.addAll(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
        List<String> there =
                get(admin.listTopics().names()).stream().filter(ours::contains).toList();
        Map<String, TopicDescription> described =
                get(admin.describeTopics(there).allTopicNames());
        List<TopicPartition> partitions = new ArrayList<>();
        described.forEach((topic, description) ->
                description.partitions().forEach(one -> partitions.add(new TopicPartition(topic, one.partition()))));
        Map<TopicPartition, Long> starts = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        List<TopicState> topics = new ArrayList<>();
        for (String topic : ours) {
            TopicDescription description = described.get(topic);
            if (description != null) {
                topics.add(state(description, starts, ends));
            }
        }
        List<GroupState> groups = new ArrayList<>();
        for (Map.Entry<String, String> reader : new TreeMap<>(readers).entrySet()) {
            groups.add(group(admin, reader.getKey(), reader.getValue(), ends));
        }
        return new State(
                topics,
                groups,
                ours.stream().filter(topic -> !there.contains(topic)).toList());
    }

    private static TopicState state(
            TopicDescription description, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        List<Long> endOffsets = new ArrayList<>();
        long records = 0;
        for (var partition : description.partitions()) {
            TopicPartition key = new TopicPartition(description.name(), partition.partition());
            long end = ends.getOrDefault(key, 0L);
            endOffsets.add(end);
            records += end - starts.getOrDefault(key, 0L);
        }
        int replicas = description.partitions().get(0).replicas().size();
        return new TopicState(description.name(), endOffsets.size(), replicas, records, endOffsets);
    }

    private static GroupState group(Admin admin, String group, String topic, Map<TopicPartition, Long> ends)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long lag = 0;
        boolean any = false;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (end.getKey().topic().equals(topic)) {
                OffsetAndMetadata offset = committed.get(end.getKey());
                any |= offset != null;
                lag += end.getValue() - (offset == null ? 0 : offset.offset());
            }
        }
        return new GroupState(group, topic, any ? OptionalLong.of(lag) : OptionalLong.empty());
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(admin.listOffsets(asked).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
}
