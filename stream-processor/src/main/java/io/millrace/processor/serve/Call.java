package io.millrace.processor.serve;

import io.millrace.identity.Traceparent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What comes with a call beside its message.
 *
 * @param deadline by {@link System#nanoTime}
 * @param forwarded whether another processor sent it on; it is not sent on again
 * @param trace the caller's
 */
record Call(long deadline, boolean forwarded, @Nullable Traceparent trace) {
    /** What is left, at least a millisecond. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    /** The same with half of what is left. */
    Call hurried() {
        long now = System.nanoTime();
        return new Call(now + Math.max(1_000_000, (deadline - now) / 2), forwarded, trace);
    }

    boolean isLate() {
        return deadline - System.nanoTime() <= 0;
    }
}
