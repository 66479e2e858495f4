package io.millrace.pipeline;

import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import java.time.Duration;

/**
 * What the topic pipeline said, and since when that is known to be the newest.
 *
 * @param pipeline said
 * @param asOfNanos by {@link System#nanoTime}: nothing newer was committed before it
 */
public record Sighting(Pipeline pipeline, long asOfNanos) {
    private static final Duration LEASE = Duration.ofMillis(500);
    /** Around the switch, when everybody waits until a lease is over. */
    private static final Duration SHORT_LEASE = Duration.ofMillis(150);

    /** The least time in which nothing is predicted at a move: closing and switching end (docs/decisions/0028). */
    public static final Duration PAUSE = settled(Phase.CLOSING).plus(settled(Phase.SWITCHING));

    /** For how long a sighting of a phase may be relied on. The clocks need not agree, only run alike. */
    public static Duration lease(Phase phase) {
        return phase == Phase.CLOSING || phase == Phase.SWITCHING ? SHORT_LEASE : LEASE;
    }

    /**
     * For how long whoever ends a phase waits before it relies on that: then everybody has seen the next one, or knows that
     * it knows nothing. A fifth longer than the lease, for clocks that run unlike.
     */
    public static Duration settled(Phase ended) {
        return lease(ended).plus(lease(ended).dividedBy(5));
    }

    /** Until when it may be relied on, by {@link System#nanoTime}. */
    public long untilNanos() {
        return asOfNanos + lease(pipeline.phase()).toNanos();
    }

    /** Whether it may be relied on at this moment. */
    public boolean isFresh() {
        return System.nanoTime() - untilNanos() < 0;
    }
}
