package io.millrace.standalone.bench.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When requests are due. Asked by the thread that sends them. */
@FunctionalInterface
public interface Schedule {
    /** There are no more. */
    long END = -1;

    /**
     * When a request is due, in nanoseconds after the beginning; what is due later than now waits until then, and what was due
     * before is late. Asked again for the same number until it could be sent.
     *
     * @param number from 0
     * @param elapsed nanoseconds since the beginning
     * @return {@link #END} if this one is no more to be sent
     */
    long due(long number, long elapsed);

    /** So many a second whatever becomes of them: who counts from when they were due forgives no stall. */
    static Schedule steady(int perSecond, long count) {
        return (number, elapsed) -> number < count ? number * TimeUnit.SECONDS.toNanos(1) / perSecond : END;
    }

    /** As many as there are connections, again and again. */
    static Schedule flood(Duration time) {
        long nanos = time.toNanos();
        return (number, elapsed) -> elapsed < nanos ? elapsed : END;
    }

    /**
     * As many as make the whole way, not only to the door: no more than so many are under way at once.
     *
     * @param ended how many have
     */
    static Schedule window(LongSupplier ended, int window, Duration time) {
        long nanos = time.toNanos();
        return (number, elapsed) -> {
            if (elapsed >= nanos) {
                return END;
            }
            return number - ended.getAsLong() < window ? elapsed : elapsed + TimeUnit.MILLISECONDS.toNanos(1);
        };
    }
}
