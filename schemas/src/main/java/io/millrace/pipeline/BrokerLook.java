package io.millrace.pipeline;

import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.BrokerSight.Move;
import io.millrace.pipeline.BrokerSight.PartitionLag;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers how the pipeline is: partitions, lag, rate, and how far a move is. A look takes no longer than its
 * patience, whoever is away. Thread-safe, but blocks; whoever makes it closes it.
 */
public final class BrokerLook implements AutoCloseable {
    /** What rates are measured over. */
    public static final Duration RATE = Duration.ofSeconds(10);

    private static final Duration LONGEST_RECONNECT = Duration.ofMillis(500);
    private final String bootstrap;
    private final Duration patience;
    private final Admin admin;

    /** Connects when it is asked to look. */
    public BrokerLook(String bootstrap, String client, Duration patience) {
        this.bootstrap = bootstrap;
        this.patience = patience;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.CLIENT_ID_CONFIG,
                client,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                LONGEST_RECONNECT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis()));
    }

    /** One look, with its own end. */
    private final class Look {
        private final long deadline = System.nanoTime() + patience.toNanos();

        <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
            return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }

        /** Of topics that are there; the others are left out. */
        Map<String, Integer> partitions(Collection<String> topics)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<String, Integer> counts = new HashMap<>();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> one :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                try {
                    counts.put(one.getKey(), get(one.getValue()).partitions().size());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof org.apache.kafka.common.errors.UnknownTopicOrPartitionException)) {
                        throw e;
                    }
                }
            }
            return counts;
        }

        Map<TopicPartition, Long> committed(String group)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> found;
            try {
                found = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
                    return offsets;
                }
                throw e;
            }
            found.forEach((partition, offset) -> {
                if (offset != null) {
                    offsets.put(partition, offset.offset());
                }
            });
            return offsets;
        }

        Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            partitions.forEach(partition -> asked.put(partition, which));
            Map<TopicPartition, Long> offsets = new HashMap<>();
            if (!asked.isEmpty()) {
                get(admin.listOffsets(asked).all())
                        .forEach((partition, found) -> offsets.put(partition, found.offset()));
            }
            return offsets;
        }
    }

    /**
     * Looks.
     *
     * @param pipeline as far as it is known
     * @param application the processors' application id (of layout 1)
     * @param storeGroup the consumer group of the store's writer
     */
    public BrokerSight look(Pipeline pipeline, String application, String storeGroup) throws InterruptedException {
        try {
            return look(new Look(), pipeline, application, storeGroup);
        } catch (ExecutionException | TimeoutException e) {
            String reason = e instanceof TimeoutException
                            || e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                    ? "Kafka at " + bootstrap + " does not answer within " + patience.toSeconds() + " s"
                    : "Kafka at " + bootstrap + ": " + String.valueOf(e.getCause());
            return BrokerSight.nothing(reason);
        }
    }

    private BrokerSight look(Look look, Pipeline pipeline, String application, String storeGroup)
            throws ExecutionException, TimeoutException, InterruptedException {
        Layout layout = pipeline.layout();
        List<String> nodes = look.get(admin.describeCluster().nodes()).stream()
                .map(node -> node.host() + ":" + node.port())
                .sorted()
                .toList();
        List<String> predictions = List.of(Topic.PREDICTIONS.topicName(), Topic.SHADOW_PREDICTIONS.topicName());
        List<String> topics = new ArrayList<>(predictions);
        topics.add(layout.topic());
        topics.add(Topic.DEAD_LETTERS.topicName());
        Map<String, Integer> counts = look.partitions(topics);
        List<TopicPartition> all = new ArrayList<>();
        counts.forEach((topic, count) -> all.addAll(partitions(topic, count)));
        Map<TopicPartition, Long> ends = look.offsets(all, OffsetSpec.latest());
        Map<TopicPartition, Long> beginnings = look.offsets(all, OffsetSpec.earliest());
        List<TopicPartition> events = partitions(layout.topic(), counts.getOrDefault(layout.topic(), 0));
        List<PartitionLag> lags = lags(events, ends, beginnings, look.committed(layout.applicationId(application)));
        OptionalDouble received = received(look, events, ends);
        Map<TopicPartition, Long> stored = look.committed(storeGroup);
        long storeLag = 0;
        for (TopicPartition partition : stored.isEmpty() ? List.<TopicPartition>of() : all) {
            if (predictions.contains(partition.topic())) {
                storeLag += behind(partition, ends, beginnings, stored);
            }
        }
        long letters = 0;
        for (TopicPartition partition : all) {
            if (partition.topic().equals(Topic.DEAD_LETTERS.topicName())) {
                letters += ends.getOrDefault(partition, 0L) - beginnings.getOrDefault(partition, 0L);
            }
        }
        return new BrokerSight(
                nodes,
                events.size(),
                lags,
                received,
                stored.isEmpty() ? OptionalLong.empty() : OptionalLong.of(storeLag),
                OptionalLong.of(letters),
                Optional.ofNullable(move(look, pipeline, application, lags, received)),
                null);
    }

    private static List<PartitionLag> lags(
            List<TopicPartition> events,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> committed) {
        List<PartitionLag> lags = new ArrayList<>();
        for (TopicPartition partition : events) {
            Long at = committed.get(partition);
            lags.add(new PartitionLag(
                    partition.partition(),
                    ends.getOrDefault(partition, 0L),
                    at == null ? OptionalLong.empty() : OptionalLong.of(at),
                    behind(partition, ends, beginnings, committed)));
        }
        return lags;
    }

    private static long behind(
            TopicPartition partition,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> committed) {
        long beginning = beginnings.getOrDefault(partition, 0L);
        return Math.max(
                0, ends.getOrDefault(partition, 0L) - Math.max(beginning, committed.getOrDefault(partition, 0L)));
    }

    /** Where the topic stood ten seconds ago: a record's time is the time of its receipt. */
    private static OptionalDouble received(Look look, List<TopicPartition> events, Map<TopicPartition, Long> ends)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (events.isEmpty()) {
            return OptionalDouble.empty();
        }
        long since = System.currentTimeMillis() - RATE.toMillis();
        long count = 0;
        for (Map.Entry<TopicPartition, Long> then :
                look.offsets(events, OffsetSpec.forTimestamp(since)).entrySet()) {
            // -1 where nothing came since.
            count += then.getValue() < 0 ? 0 : Math.max(0, ends.getOrDefault(then.getKey(), 0L) - then.getValue());
        }
        return OptionalDouble.of(count / (double) RATE.toSeconds());
    }

    private static @Nullable Move move(
            Look look, Pipeline pipeline, String application, List<PartitionLag> lags, OptionalDouble received)
            throws ExecutionException, TimeoutException, InterruptedException {
        Layout next = pipeline.next();
        if (next == null) {
            return null;
        }
        Map<TopicPartition, Long> copied = look.committed(next.transferGroup(application));
        long total = 0;
        long done = 0;
        if (!copied.isEmpty()) {
            Map<TopicPartition, Long> beginnings = look.offsets(copied.keySet(), OffsetSpec.earliest());
            for (Map.Entry<TopicPartition, Long> end :
                    look.offsets(copied.keySet(), OffsetSpec.latest()).entrySet()) {
                long beginning = beginnings.getOrDefault(end.getKey(), 0L);
                total += end.getValue() - beginning;
                done += Math.min(end.getValue(), copied.getOrDefault(end.getKey(), 0L)) - beginning;
            }
        }
        int arriving = look.partitions(List.of(next.transferTopic())).getOrDefault(next.transferTopic(), 0);
        List<TopicPartition> transfer = partitions(next.transferTopic(), arriving);
        Map<TopicPartition, Long> taken = look.committed(next.applicationId(application));
        Map<TopicPartition, Long> arrived = look.offsets(transfer, OffsetSpec.latest());
        long untaken = 0;
        for (TopicPartition partition : transfer) {
            untaken += Math.max(0, arrived.getOrDefault(partition, 0L) - taken.getOrDefault(partition, 0L));
        }
        long waiting = lags.stream().mapToLong(PartitionLag::lag).sum();
        double drain = received.orElse(0) > 0 ? waiting / received.getAsDouble() : 0;
        double pause = Sighting.PAUSE.toMillis() / 1_000.0 + drain;
        return new Move(Math.max(0, done), Math.max(0, total), untaken, pause);
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        return partitions;
    }

    /** The consumer groups' members, by their client's id: who is there where no processor can be asked. */
    public Map<String, List<Integer>> members(String group, String topic) throws InterruptedException {
        Map<String, List<Integer>> members = new TreeMap<>();
        try {
            new Look()
                    .get(admin.describeConsumerGroups(List.of(group)).all())
                    .values()
                    .forEach(found -> found.members()
                            .forEach(member -> members.put(
                                    member.groupInstanceId().orElse(member.clientId()) + " at " + member.host(),
                                    member.assignment().topicPartitions().stream()
                                            .filter(partition ->
                                                    partition.topic().equals(topic))
                                            .map(TopicPartition::partition)
                                            .sorted()
                                            .toList())));
        } catch (ExecutionException | TimeoutException e) {
            return members;
        }
        return members;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
