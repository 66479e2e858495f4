package io.millrace.processor.train.measure;

import java.util.Arrays;
import java.util.Locale;

/**
 * A figure and where it may lie.
 *
 * @param value on the examples as they are
 * @param low 2.5 % of the bootstrap's draws lie below
 * @param high 2.5 % of them lie above
 */
public record Interval(double value, double low, double high) {
    static Interval of(double value, double[] draws) {
        // A draw without any positive, or without any negative, has no such figure.
        double[] sorted = Arrays.stream(draws)
                .filter(draw -> !Double.isNaN(draw))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        return new Interval(
                value, sorted[(int) (0.025 * sorted.length)], sorted[(int) Math.ceil(0.975 * sorted.length) - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f (%.4f to %.4f)", value, low, high);
    }
}
