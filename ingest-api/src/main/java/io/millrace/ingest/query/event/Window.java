package io.millrace.ingest.query.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a topic by the time of its records.
 *
 * @param from null for the oldest that is kept
 * @param to null for the newest there is
 */
record Window(@Nullable Instant from, @Nullable Instant to) {
    /** Doors need not agree on the time to the minute. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private static final Duration SOON = Duration.ofMinutes(15);
    private static final List<Duration> AGES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24),
            Duration.ofHours(72));

    /** Only what was asked for. */
    static List<Window> between(@Nullable Instant from, @Nullable Instant to) {
        return List.of(new Window(from, to == null ? null : to.plus(MARGIN)));
    }

    /** First around a time at which the event was received, as far as anybody knows; then what is after, then before. */
    static List<Window> around(Instant time) {
        Instant before = time.minus(MARGIN);
        Instant after = time.plus(SOON);
        return List.of(new Window(before, after), new Window(after, null), new Window(null, before));
    }

    /** The newest first, in ever longer pieces. */
    static List<Window> backwards(Instant now) {
        List<Window> windows = new ArrayList<>();
        Instant to = null;
        for (Duration age : AGES) {
            Instant from = now.minus(age);
            windows.add(new Window(from, to));
            to = from;
        }
        windows.add(new Window(null, to));
        return windows;
    }
}
