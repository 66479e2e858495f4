package io.millrace.processor.store;

import java.time.Duration;

/** When to try again: twice as long after each failure, up to a bound. Belongs to one thread. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);

    private final Duration longest;
    private int failures;
    private long notBeforeNanos;

    Backoff(Duration longest) {
        this.longest = longest;
    }

    void failed() {
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures, 16));
        failures++;
        notBeforeNanos = System.nanoTime() + (wait.compareTo(longest) < 0 ? wait : longest).toNanos();
    }

    void succeeded() {
        failures = 0;
    }

    boolean failing() {
        return failures > 0;
    }

    /** Zero when it is time. */
    Duration remaining() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, notBeforeNanos - System.nanoTime()));
    }
}
