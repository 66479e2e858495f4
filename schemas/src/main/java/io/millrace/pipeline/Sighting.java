package io.millrace.pipeline;

import io.millrace.layout.Pipeline;
import java.time.Duration;

/**
 * What the topic pipeline said, and since when that is known to be the newest.
 *
 * @param pipeline said
 * @param asOfNanos by {@link System#nanoTime}: nothing newer was committed before it
 */
public record Sighting(Pipeline pipeline, long asOfNanos) {
    /**
     * For how long a sighting may be relied on. Whoever changes the topic waits for so long before it relies on the change:
     * then everybody has seen it, or knows that it knows nothing. The clocks need not agree, only run alike.
     */
    public static final Duration LEASE = Duration.ofMillis(500);

    /** Until when it may be relied on, by {@link System#nanoTime}. */
    public long untilNanos() {
        return asOfNanos + LEASE.toNanos();
    }

    /** Whether it may be relied on at this moment. */
    public boolean isFresh() {
        return System.nanoTime() - untilNanos() < 0;
    }
}
