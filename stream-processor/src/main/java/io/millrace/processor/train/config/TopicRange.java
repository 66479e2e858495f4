package io.millrace.processor.train.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a topic of events.
 *
 * @param topic its name
 * @param bootstrapServers of its broker; null where the command says it
 * @param from the first record
 * @param to the first record that is no more of it
 * @param lateness what {@code processor.lateness} is where the model will serve
 */
public record TopicRange(String topic, @Nullable String bootstrapServers, Bound from, Bound to, Duration lateness) {
    /** A place in each partition. */
    public sealed interface Bound {
        /** Where the partition begins, as a start; where it ended when the reading began, as an end. */
        record Edge() implements Bound {}

        /** The first record that the broker took at this time or later. */
        record At(Instant time) implements Bound {}

        /** An offset for each partition; a partition that is not named is not read. */
        record Offsets(Map<Integer, Long> byPartition) implements Bound {
            public Offsets {
                byPartition = Map.copyOf(byPartition);
            }
        }
    }
}
