package io.millrace.topic;

import java.time.Duration;
import java.util.Map;
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
    /** What was refused, and why. */
    DEAD_LETTERS("dead-letters", Cleanup.DELETE, Duration.ofDays(30)),
    /** Which write keys open the door: every door reads it whole, and needs no database to know a producer. */
    SOURCES("sources", Cleanup.COMPACT, Duration.ZERO);

    private enum Cleanup {
        DELETE,
        COMPACT
    }

    private final String topicName;
    private final Cleanup cleanup;
    private final Duration retention;

    Topic(String topicName, Cleanup cleanup, Duration retention) {
        this.topicName = topicName;
        this.cleanup = cleanup;
        this.retention = retention;
    }

    /** As Kafka knows it. */
    public String topicName() {
        return topicName;
    }

    /** The topic's own settings; what is not here is the broker's default. */
    public Map<String, String> settings() {
        return switch (cleanup) {
            case COMPACT -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case DELETE ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()));
        };
    }

    NewTopic create(int partitions, short replication) {
        return new NewTopic(topicName, partitions, replication).configs(settings());
    }
}
