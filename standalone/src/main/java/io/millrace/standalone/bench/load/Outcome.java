package io.millrace.standalone.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of requests.
 *
 * @param began by {@link System#nanoTime}: what their due times count from
 * @param nanos from then to the last answer
 * @param statuses how many got which; under {@link #BROKEN} those whose connection ended, under {@link #UNANSWERED} those that were
 *     given up
 * @param took from when each was due to its answer, of those that have one
 */
public record Outcome(long began, long nanos, Map<Integer, Long> statuses, Samples took) {
    public static final int BROKEN = 0;
    public static final int UNANSWERED = -1;

    public Outcome {
        statuses = Map.copyOf(statuses);
    }

    /** How many were answered as wished. */
    public long accepted() {
        return statuses.entrySet().stream()
                .filter(entry -> entry.getKey() / 100 == 2)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many were not. */
    public long failed() {
        return statuses.values().stream().mapToLong(Long::longValue).sum() - accepted();
    }

    public double acceptedPerSecond() {
        return accepted() / (nanos / 1e9);
    }

    /** Such as "429: 12, broken: 1"; empty if all were accepted. */
    public String failures() {
        return new TreeMap<>(statuses)
                .entrySet().stream()
                        .filter(entry -> entry.getKey() / 100 != 2)
                        .map(entry -> name(entry.getKey()) + ": " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String name(int status) {
        return switch (status) {
            case BROKEN -> "broken";
            case UNANSWERED -> "unanswered";
            default -> Integer.toString(status);
        };
    }
}
