package io.millrace.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the brokers said of the pipeline. Lags are counted in offsets.
 *
 * @param nodes host:port of the brokers; none where nobody answered
 * @param partitions of the present layout's topic; 0 where that is not known
 * @param lags of the present layout's topic
 * @param received events a second over {@link BrokerLook#RATE}
 * @param storeLag predictions that are not stored, markers of transactions included
 * @param deadLetters kept, markers of transactions included
 * @param move where one is under way
 * @param failure why nothing is known; one sentence
 */
public record BrokerSight(
        List<String> nodes,
        int partitions,
        List<PartitionLag> lags,
        OptionalDouble received,
        OptionalLong storeLag,
        OptionalLong deadLetters,
        Optional<Move> move,
        @Nullable String failure) {
    /**
     * How far behind the topology is in one partition.
     *
     * @param committed empty where it never committed there
     */
    public record PartitionLag(int partition, long end, OptionalLong committed, long lag) {}

    /**
     * How far a move is.
     *
     * @param copied records of the changelogs, markers of transactions included
     * @param total of them
     * @param untaken copied and still to be taken by the next layout's tasks
     * @param pauseSeconds expected in predictions
     */
    public record Move(long copied, long total, long untaken, double pauseSeconds) {}

    public BrokerSight {
        nodes = List.copyOf(nodes);
        lags = List.copyOf(lags);
    }

    /** Nothing, because of this. */
    public static BrokerSight nothing(String failure) {
        return new BrokerSight(
                List.of(),
                0,
                List.of(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                failure);
    }

    /** All partitions together; empty where it is not known. */
    public OptionalLong lag() {
        return lags.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(lags.stream().mapToLong(PartitionLag::lag).sum());
    }
}
