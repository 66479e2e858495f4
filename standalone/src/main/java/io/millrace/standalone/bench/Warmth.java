package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tells from events a second, slice after slice, when what runs has become as fast as it will. Used by one thread. */
final class Warmth {
    /** So much faster than any before means that it still warms up. */
    private static final double FASTER = 1.08;

    private static final int LEAST = 5;
    private static final int STEADY = 3;

    private final int most;
    private final List<Double> slices = new ArrayList<>();
    private double best;
    private int steady;
    private int silent;

    /** @param atMost slices of the given length */
    Warmth(Duration slice, Duration atMost) {
        most = (int) Math.max(LEAST, atMost.dividedBy(slice));
    }

    /** @return whether it is warm, or has had its time */
    boolean add(double perSecond) {
        if (best == 0 && perSecond == 0) {
            // Not begun yet: a cold program may take long for its first, which must not count as steady.
            return ++silent >= most;
        }
        slices.add(perSecond);
        steady = perSecond > best * FASTER ? 0 : steady + 1;
        best = Math.max(best, perSecond);
        return slices.size() >= most || (slices.size() >= LEAST && steady >= STEADY);
    }

    /** Events a second: the mean of the last three slices. */
    double speed() {
        return slices.stream()
                .skip(Math.max(0, slices.size() - STEADY))
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }
}
