package io.millrace.ingest.admit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One source's allowance, as one number: the time at which its bucket will be full again. A batch is let in while anything
 * is left and may leave a debt, which must be waited out: so a batch larger than the bucket passes, and the rate holds
 * over time. No lock and no allocation. Thread-safe.
 */
public final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;

    private final int rate;
    private final long burstNanos;
    private final AtomicLong fullAt;

    TokenBucket(int rate, Duration burst, long now) {
        this.rate = rate;
        this.burstNanos = Math.max(burst.toNanos(), SECOND / rate);
        this.fullAt = new AtomicLong(now);
    }

    /**
     * Takes events.
     *
     * @param now {@link System#nanoTime}
     * @return 0 where they may come in; else nanoseconds until any may, and nothing was taken
     */
    public long take(int events, long now) {
        while (true) {
            long full = fullAt.get();
            long used = Math.max(0, full - now);
            if (used >= burstNanos) {
                return used - burstNanos + SECOND / rate;
            }
            if (fullAt.compareAndSet(full, now + used + events * SECOND / rate)) {
                return 0;
            }
        }
    }

    /** Nanoseconds until any event may come in; 0 where one may now. */
    public long waitNanos(long now) {
        long used = fullAt.get() - now;
        return used >= burstNanos ? used - burstNanos + SECOND / rate : 0;
    }

    /** Events a second. */
    public int rate() {
        return rate;
    }

    /** Events that a full bucket holds. */
    public long limit() {
        return Math.max(1, (long) ((double) burstNanos * rate / SECOND));
    }

    /** Events that may come in now without a debt. */
    public long remaining(long now) {
        long left = burstNanos - Math.max(0, fullAt.get() - now);
        return Math.max(0, (long) ((double) left * rate / SECOND));
    }

    /** Seconds until the bucket is full, rounded up. */
    public long reset(long now) {
        return (Math.max(0, fullAt.get() - now) + SECOND - 1) / SECOND;
    }

    boolean isFull(long now) {
        return fullAt.get() - now <= 0;
    }
}
