package io.millrace.processor.score;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a stream thread commits. Kafka Streams begins a commit a fixed time after the last one ended, whatever that took and
 * whatever is waiting; here the time follows both:
 *
 * <ul>
 *   <li>never shorter than the interval, nor than each of the last few commits took, so that a slow broker leaves half of the
 *       time for events. The broker writes a transaction's markers after it has answered, and holds up whoever begins the next
 *       one before: a commit that follows too soon takes longer still. One that was held up alone, as by a collection of
 *       garbage, is no reason to let what came meanwhile wait as long again;
 *   <li>longer where the events come late anyway: an eighth of the age of the freshest one, so that a backlog is caught up
 *       in long transactions, which cost least, and what is fresh is not kept waiting;
 *   <li>never where nothing came. Streams itself commits after {@link #LONGEST}, which moves on what a transaction left.
 * </ul>
 *
 * <p>One a thread, used by that thread.
 */
final class CommitPace {
    /** No commit waits longer, whatever the last one took, unless the interval is longer: well below the 10 s after which a transaction is aborted. */
    static final Duration LONGEST = Duration.ofSeconds(2);

    private static final int PART_OF_AGE = 8;
    private static final int COMMITS = 4;
    private static final long NOTHING_CAME = Long.MAX_VALUE;

    private final long intervalNanos;
    private final long longestNanos;
    private final LongSupplier nanos;

    private long freshestMillis = NOTHING_CAME;
    private boolean committing;
    private long began;
    private long ended;
    /** What the last commits took, each in the place of the oldest. */
    private final long[] tookNanos = new long[COMMITS];

    private int commits;

    /**
     * @param interval the shortest time between the end of a commit and the begin of the next
     * @param nanos the clock, as {@link System#nanoTime}
     */
    CommitPace(Duration interval, LongSupplier nanos) {
        this.intervalNanos = interval.toNanos();
        this.longestNanos = Math.max(LONGEST.toNanos(), intervalNanos);
        this.nanos = nanos;
        this.ended = nanos.getAsLong() - longestNanos;
    }

    /**
     * Something was processed that is to be committed.
     *
     * @param ageMillis since it was received; what is ahead of the clock is fresh
     */
    void took(long ageMillis) {
        end();
        freshestMillis = Math.min(freshestMillis, Math.max(0, ageMillis));
    }

    /** Streams commits: called for each task of the thread, before its offsets are. */
    void begin() {
        if (!committing) {
            committing = true;
            began = nanos.getAsLong();
            freshestMillis = NOTHING_CAME;
        }
    }

    /** Called once a loop of the thread: whether Streams is to be asked for a commit. */
    boolean isDue() {
        end();
        return isWaiting() && nanos.getAsLong() - ended >= pauseNanos();
    }

    /** Whether something came since the last commit. */
    boolean isWaiting() {
        return freshestMillis != NOTHING_CAME;
    }

    private long pauseNanos() {
        long late = TimeUnit.MILLISECONDS.toNanos(freshestMillis / PART_OF_AGE);
        return Math.min(longestNanos, Math.max(intervalNanos, Math.max(quickestNanos(), late)));
    }

    /** The thread is back from its commit, or from whatever came between: it calls processors again. */
    private void end() {
        if (committing) {
            committing = false;
            ended = nanos.getAsLong();
            tookNanos[commits % COMMITS] = ended - began;
            commits++;
        }
    }

    private long quickestNanos() {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(commits, COMMITS); i++) {
            quickest = Math.min(quickest, tookNanos[i]);
        }
        return commits == 0 ? 0 : quickest;
    }
}
