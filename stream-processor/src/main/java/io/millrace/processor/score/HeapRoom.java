package io.millrace.processor.score;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes of heap that several may share, by their own estimates. Thread-safe. */
final class HeapRoom {
    private final AtomicLong left;

    HeapRoom(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes so many, or none where there are not as many left. */
    boolean take(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    void give(long bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
