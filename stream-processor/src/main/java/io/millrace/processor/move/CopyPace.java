package io.millrace.processor.move;

import java.time.Duration;

/**
 * How fast state is copied beside a pipeline that works: so many records a second, because copying takes what it gets of brokers and
 * processors from events on their way; and faster where about as many are written meanwhile. Not thread-safe.
 */
final class CopyPace {
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    /** Of what is copied in a window, the part by which it comes nearer to the end where it is fast enough. */
    private static final double NEARER = 0.25;

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
        if (leftThen != Long.MAX_VALUE && leftThen - left < NEARER * (copied - copiedThen)) {
            rate *= 2;
        }
        since = nanoTime;
        copiedThen = copied;
        leftThen = left;
    }
}
