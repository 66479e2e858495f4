package io.millrace.standalone.post;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the gaps between events, divided by a factor. Not thread-safe. */
public final class Pace {
    private final double factor;
    private final long start = System.nanoTime();
    private final CountDownLatch never = new CountDownLatch(1);
    private @Nullable Instant first;

    public Pace(double factor) {
        this.factor = factor;
    }

    /** Waits until the event is due. */
    public void await(Instant event) throws InterruptedException {
        Duration wait = due(event).minusNanos(System.nanoTime() - start);
        if (!wait.isNegative()) {
            boolean unused = never.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** How long after the start the event is due; an event older than the first is due at once. */
    Duration due(Instant event) {
        if (first == null) {
            first = event;
        }
        double nanos = Duration.between(first, event).toNanos() / factor;
        return Duration.ofNanos(Math.max(0, Math.round(nanos)));
    }
}
