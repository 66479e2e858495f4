package io.millrace.processor.move;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What a move asks the brokers to do, each thing so that it may be asked again. Not thread-safe. */
final class Cluster implements AutoCloseable {
    /** For the first answer; later ones have the patience of the move, in which a broker may start anew. */
    private static final Duration REACH = Duration.ofSeconds(10);

    private final Admin admin;
    private final String bootstrap;
    private final Patience patience;

    Cluster(MoveConfig config) {
        this.bootstrap = config.bootstrap();
        this.patience = new Patience(config.patience());
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrap(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "millrace-scale-admin"));
    }

    /**
     * Asks for any answer at all.
     *
     * @throws MoveFailedException if no broker gives one within seconds
     */
    void reach() throws MoveFailedException, InterruptedException {
        int millis = (int) Math.min(REACH.toMillis(), patience.time().toMillis());
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis))
                    .clusterId()
                    .get();
        } catch (ExecutionException e) {
            throw new MoveFailedException(
                    "Kafka at " + bootstrap + " does not answer: "
                            + Objects.requireNonNull(e.getCause()).getMessage(),
                    e);
        }
    }

    /** As many as there are; 0 where there is no such topic. */
    int partitions(String topic) throws MoveFailedException, InterruptedException {
        return describe(topic).map(one -> one.partitions().size()).orElse(0);
    }

    private Optional<TopicDescription> describe(String topic) throws MoveFailedException, InterruptedException {
        return patience.ifThere(
                () -> admin.describeTopics(List.of(topic)).allTopicNames().thenApply(all -> all.get(topic)));
    }

    /** A topic with as many replicas and the same settings of its own as another. */
    void createLike(String model, String topic, int partitions, Map<String, String> changed)
            throws MoveFailedException, InterruptedException {
        TopicDescription known = describe(model)
                .orElseThrow(() -> new MoveFailedException("topic " + model + " is not there: expected a pipeline"));
        Map<String, String> settings = new HashMap<>(ownSettings(model));
        settings.putAll(changed);
        NewTopic made = new NewTopic(topic, partitions, (short)
                        known.partitions().get(0).replicas().size())
                .configs(settings);
        try {
            patience.get(() -> admin.createTopics(List.of(made)).all());
        } catch (MoveFailedException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        patience.await("topic " + topic + " to be there", () -> partitions(topic) == partitions);
    }

    private Map<String, String> ownSettings(String topic) throws MoveFailedException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = patience.get(
                () -> admin.describeConfigs(List.of(resource)).all().thenApply(all -> all.get(resource)));
        return config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    /** From now on the topic takes no record of any size: who still writes to it is told. */
    void shut(String topic) throws MoveFailedException, InterruptedException {
        patience.get(() -> admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1"), AlterConfigOp.OpType.SET))))
                .all());
    }

    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel level)
            throws MoveFailedException, InterruptedException {
        return offsets(partitions, OffsetSpec.latest(), level);
    }

    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions)
            throws MoveFailedException, InterruptedException {
        return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which, IsolationLevel level)
            throws MoveFailedException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        patience.get(() ->
                        admin.listOffsets(asked, new ListOffsetsOptions(level)).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** What a group has committed, transactions that are not settled left out. */
    Map<TopicPartition, Long> committed(String group) throws MoveFailedException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        patience.get(() -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** How many members a group has. */
    int members(String group) throws MoveFailedException, InterruptedException {
        try {
            ConsumerGroupDescription found = patience.get(
                    () -> admin.describeConsumerGroups(List.of(group)).all().thenApply(all -> all.get(group)));
            return found.members().size();
        } catch (MoveFailedException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    /** Takes everybody out of a group. Who was paused comes back to find that it is not in it any more. */
    void evict(String group) throws MoveFailedException, InterruptedException {
        if (members(group) > 0) {
            patience.get(() -> admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        }
    }

    /** Ends the transactions of a Streams application, and lets none of its producers begin another. */
    void fence(String application) throws MoveFailedException, InterruptedException {
        Pattern own = Pattern.compile(Pattern.quote(application) + "-[0-9a-f-]{36}-\\d+");
        Set<String> ids = patience.get(() -> admin.listTransactions().all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> own.matcher(id).matches())
                .collect(Collectors.toSet());
        if (!ids.isEmpty()) {
            patience.get(() -> admin.fenceProducers(ids).all());
        }
    }

    /** Bytes on disk of one replica of each partition. */
    Map<String, Long> bytes(Set<String> topics) throws MoveFailedException, InterruptedException {
        Collection<Integer> brokers = patience.get(() -> admin.describeCluster().nodes()).stream()
                .map(node -> node.id())
                .toList();
        Map<TopicPartition, Long> largest = new HashMap<>();
        for (Map<String, LogDirDescription> dirs : patience.get(
                        () -> admin.describeLogDirs(brokers).allDescriptions())
                .values()) {
            dirs.values()
                    .forEach(dir -> dir.replicaInfos().forEach((partition, replica) -> {
                        if (topics.contains(partition.topic())) {
                            largest.merge(partition, replica.size(), Math::max);
                        }
                    }));
        }
        Map<String, Long> bytes = new TreeMap<>();
        largest.forEach((partition, size) -> bytes.merge(partition.topic(), size, Long::sum));
        return bytes;
    }

    void deleteTopics(Collection<String> topics) throws MoveFailedException, InterruptedException {
        for (String topic : topics) {
            patience.ifThere(() -> admin.deleteTopics(List.of(topic)).all());
        }
    }

    void deleteGroup(String group) throws MoveFailedException, InterruptedException {
        try {
            patience.get(() -> admin.deleteConsumerGroups(List.of(group)).all());
        } catch (MoveFailedException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
    }

    void deleteRecords(Map<TopicPartition, Long> before) throws MoveFailedException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> asked = new HashMap<>();
        before.forEach((partition, offset) -> asked.put(partition, RecordsToDelete.beforeOffset(offset)));
        patience.get(() -> admin.deleteRecords(asked).all());
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
