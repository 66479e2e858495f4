package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.event.EventTimes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one plan's features see of one event: read once, used by the state and by every model. Immutable; valid only with
 * the plan that made it.
 */
public final class Observation {
    /** The end of the year 9999, in milliseconds. */
    static final long LATEST = 253_402_300_799_999L;

    /** What was read of the properties; NaN stands for a number that is not there. */
    static final class Values {
        final float[] numbers;
        final float[] tests;
        final int[] hashes;
        final boolean[] hashed;
        final @Nullable FloatVector[] vectors;

        Values(int numbers, int hashes, int tests, int vectors) {
            this.numbers = new float[numbers];
            this.tests = new float[tests];
            this.hashes = new int[hashes];
            this.hashed = new boolean[hashes];
            this.vectors = new @Nullable FloatVector[vectors];
            Arrays.fill(this.numbers, Float.NaN);
            Arrays.fill(this.tests, Float.NaN);
        }
    }

    final FeaturePlan plan;
    private final Event event;
    private final String name;
    private final long time;
    private final long[] matched;
    private final Values values;

    Observation(FeaturePlan plan, Event event, String name, long[] matched, Values values) {
        this.plan = plan;
        this.event = event;
        this.name = name;
        this.time = time(event.times());
        this.matched = matched;
        this.values = values;
    }

    /** The event's name as manifests match it: a track event's own, else {@code $} and the kind. */
    public static String name(Event event) {
        return switch (event.kind()) {
            case TRACK -> Objects.requireNonNull(event.name());
            case IDENTIFY -> "$identify";
            case PAGE -> "$page";
            case SCREEN -> "$screen";
            case GROUP -> "$group";
            case ALIAS -> "$alias";
            // No model meets one.
            case ERASE -> "$erase";
        };
    }

    /**
     * The time that features use: the event time, but never later than the receipt, for nothing is received before it
     * happens. So a clock that runs ahead cannot push a user's windows into the future and its history out of them.
     */
    public static long time(EventTimes times) {
        return Math.min(millis(times.event()), millis(times.received()));
    }

    private static long millis(Instant instant) {
        if (instant.getEpochSecond() < 0) {
            return 0;
        }
        return instant.getEpochSecond() > LATEST / 1000 ? LATEST : instant.toEpochMilli();
    }

    /** Which event it is of. */
    public Event event() {
        return event;
    }

    /** The event's name as manifests match it. */
    public String name() {
        return name;
    }

    /** In milliseconds since the epoch: the event time or the receipt, whichever is earlier; 1970 to 9999. */
    public long time() {
        return time;
    }

    boolean matches(int matcher) {
        return (matched[matcher >>> 6] >>> matcher & 1) != 0;
    }

    boolean hasNumber(int field) {
        return !Float.isNaN(values.numbers[field]);
    }

    float number(int field) {
        return values.numbers[field];
    }

    /** 1 where the property equals the text, 0 where not, NaN where it is not there. */
    float test(int test) {
        return values.tests[test];
    }

    boolean hasHash(int field) {
        return values.hashed[field];
    }

    int hash(int field) {
        return values.hashes[field];
    }

    @Nullable
    FloatVector vector(int field) {
        return values.vectors[field];
    }
}
