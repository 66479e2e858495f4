package io.millrace.processor.move;

import java.time.Duration;

/**
 * How fast state is copied beside a pipeline that works: so many records a second, because copying takes what it gets of brokers and
 * processors from events on their way; and faster where that comes no nearer to the end. Not thread-safe.
 */
final class CopyPace {
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    /** What is left of what was left, in a window that got nearer. */
    private static final double NEARER = 0.9;

    private double rate;
    private long since;
    private long copiedThen;
    private long leftThen = Long.MAX_VALUE;

    /**
     * @param rate records a second
     * @param copied so far
     */
    CopyPace(int rate, long copied, long nanoTime) {
        this.rate = rate;
        this.since = nanoTime;
        this.copiedThen = copied;
    }

    /** How long to wait before the next records, in nanoseconds. */
    long pause(long copied, long nanoTime) {
        long due = since + (long) ((copied - copiedThen) * 1e9 / rate);
        return Math.max(0, due - nanoTime);
    }

    /** Told now and then how many records are left. */
    void left(long left, long copied, long nanoTime) {
        if (nanoTime - since < WINDOW_NANOS) {
            return;
        }
        if (left > leftThen * NEARER) {
            rate *= 2;
        }
        since = nanoTime;
        copiedThen = copied;
        leftThen = left;
    }
}
