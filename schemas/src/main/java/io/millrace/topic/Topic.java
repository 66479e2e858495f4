package io.millrace.topic;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics that Millrace creates and whose contract is asyncapi.yaml; a test compares the two. */
public enum Topic {
    /** What producers said, in order per user. */
    USER_EVENTS("user-events", Cleanup.DELETE, Duration.ofDays(7)),
    /** The latest profile of each user. */
    USER_PROFILES("user-profiles", Cleanup.COMPACT, Duration.ZERO),
    /** What models said. */
    PREDICTIONS("predictions", Cleanup.DELETE, Duration.ofDays(30)),
    /** What versions said that are only watched: on a topic of their own, so that nobody takes them for what counts. */
    SHADOW_PREDICTIONS("shadow-predictions", Cleanup.DELETE, Duration.ofDays(30)),
    /** What was refused, and why. */
    DEAD_LETTERS("dead-letters", Cleanup.DELETE, Duration.ofDays(30)),
    /** Which dead letters were put back; kept for longer than they are. One partition: its reader knows when it has seen all. */
    REDRIVES("redrives", Cleanup.COMPACT_AND_DELETE, Duration.ofDays(60), 1),
    /** Which write keys open the door: every door reads it whole, and needs no database to know a producer. */
    SOURCES("sources", Cleanup.COMPACT, Duration.ZERO),
    /** How good model versions are: counts, the latest of each partition and window. */
    MODEL_QUALITY("model-quality", Cleanup.COMPACT_AND_DELETE, Duration.ofDays(90)),
    /** Which versions of models are registered, and which of them are deployed. One partition: what came first is plain. */
    MODELS("models", Cleanup.COMPACT, Duration.ZERO, 1),
    /** The artifacts of registered versions, in chunks. One partition: an artifact's chunks stand in their order. */
    MODEL_ARTIFACTS("model-artifacts", Cleanup.COMPACT, Duration.ZERO, 1),
    /** Who was erased: hashes of users, and users whose rows are still to be deleted. */
    ERASURES("erasures", Cleanup.COMPACT, Duration.ZERO),
    /** Which topic takes the events, and how far the move to another is. One record, and one partition. */
    PIPELINE("pipeline", Cleanup.COMPACT, Duration.ZERO, 1);

    /** The largest record on {@link #MODELS}, in bytes. */
    public static final int LARGEST_MODELS_RECORD = 2 << 20;

    private enum Cleanup {
        DELETE,
        COMPACT,
        COMPACT_AND_DELETE
    }

    private final String topicName;
    private final Cleanup cleanup;
    private final Duration retention;
    /** However many the others have; 0 is as many as they. */
    private final int fixedPartitions;

    Topic(String topicName, Cleanup cleanup, Duration retention) {
        this(topicName, cleanup, retention, 0);
    }

    Topic(String topicName, Cleanup cleanup, Duration retention, int fixedPartitions) {
        this.topicName = topicName;
        this.cleanup = cleanup;
        this.retention = retention;
        this.fixedPartitions = fixedPartitions;
    }

    /** As Kafka knows it. */
    public String topicName() {
        return topicName;
    }

    /** The topic's own settings; what is not here is the broker's default. */
    public Map<String, String> settings() {
        return switch (cleanup) {
            case COMPACT -> compacted();
            case DELETE -> kept(TopicConfig.CLEANUP_POLICY_DELETE);
            case COMPACT_AND_DELETE ->
                kept(TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);
        };
    }

    private Map<String, String> kept(String policy) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                policy,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()));
    }

    /** A manifest with the distributions of a thousand features is bigger than what a broker takes by default. */
    private Map<String, String> compacted() {
        Map<String, String> settings = new TreeMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        if (this == MODELS) {
            settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_MODELS_RECORD));
        }
        return settings;
    }

    /**
     * How many partitions the topic is created with.
     *
     * @param configured as many as topics have that do not fix their own count
     */
    public int partitions(int configured) {
        return fixedPartitions == 0 ? configured : fixedPartitions;
    }

    NewTopic create(int partitions, short replication) {
        return new NewTopic(topicName, partitions(partitions), replication).configs(settings());
    }
}
