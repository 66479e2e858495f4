package io.millrace.ingest.query.event;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How long a search may go on; what another search found can shorten it. Thread-safe. */
final class TimeLimit {
    private final AtomicLong end;

    TimeLimit(Duration most) {
        end = new AtomicLong(System.nanoTime() + most.toNanos());
    }

    /** At most so long from now on. */
    void shorten(Duration most) {
        long sooner = System.nanoTime() + most.toNanos();
        end.updateAndGet(now -> sooner - now < 0 ? sooner : now);
    }

    boolean isOver() {
        return System.nanoTime() - end.get() >= 0;
    }
}
