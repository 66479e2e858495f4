package io.millrace.standalone.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, once a round.
 *
 * @param name such as score.full
 * @param unit such as events/s
 * @param rounds in the order in which they were run; one or more
 * @param ceiling what bounds it, measured in the same sitting; null where nothing does
 */
public record Figure(
        String name,
        String unit,
        List<Double> rounds,
        @Nullable Figure ceiling) {
    public Figure {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException(name + ": expected a round or more");
        }
    }

    public double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double min() {
        return sorted().get(0);
    }

    public double max() {
        return sorted().get(rounds.size() - 1);
    }

    /** Of the medians; null without a ceiling. */
    public @Nullable Double ratio() {
        return ceiling == null ? null : median() / ceiling.median();
    }

    private List<Double> sorted() {
        List<Double> sorted = new ArrayList<>(rounds);
        sorted.sort(null);
        return sorted;
    }
}
