package io.millrace.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many lines a second and no more, for lines that a caller can provoke as often as it likes: a log that such lines
 * fill has lost the others. What is left out is still counted by its meter. Thread-safe.
 */
public final class Ration {
    private static final long COUNT_MASK = 0xFFFFF;
    private static final int SECOND_SHIFT = 20;

    private final int perSecond;
    /** The second, and below it how many lines it had. */
    private final AtomicLong spent = new AtomicLong();

    /** @param perSecond less than a million */
    public Ration(int perSecond) {
        if (perSecond < 0 || perSecond >= COUNT_MASK) {
            throw new IllegalArgumentException("lines a second " + perSecond + ": expected 0 to " + (COUNT_MASK - 1));
        }
        this.perSecond = perSecond;
    }

    /** Whether one more line may be written now. */
    public boolean take() {
        return take(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    }

    boolean take(long second) {
        long before;
        long after;
        do {
            before = spent.get();
            boolean same = (before >> SECOND_SHIFT) == second;
            if (same && (before & COUNT_MASK) >= perSecond) {
                return false;
            }
            after = same ? before + 1 : (second << SECOND_SHIFT) | 1;
        } while (!spent.compareAndSet(before, after));
        return perSecond > 0;
    }
}
