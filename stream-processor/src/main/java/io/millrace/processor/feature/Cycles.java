package io.millrace.processor.feature;

import io.millrace.model.FeatureSpec.Cyclic;
import java.time.Duration;

/** A time's place in the day or the week, UTC. */
final class Cycles {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long WEEK = 7 * DAY;
    /** 1970-01-05 was the first Monday: weeks begin there. */
    private static final long MONDAY = 4 * DAY;

    private Cycles() {}

    static double value(Cyclic spec, long time) {
        double turn = switch (spec.cycle()) {
            case DAY -> Math.floorMod(time, DAY) / (double) DAY;
            case WEEK -> Math.floorMod(time - MONDAY, WEEK) / (double) WEEK;
        };
        return switch (spec.part()) {
            case SIN -> Math.sin(2 * Math.PI * turn);
            case COS -> Math.cos(2 * Math.PI * turn);
        };
    }
}
