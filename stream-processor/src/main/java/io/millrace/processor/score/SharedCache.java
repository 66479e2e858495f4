package io.millrace.processor.score;

import java.util.concurrent.atomic.AtomicInteger;

/** Heap that all tasks of a process divide evenly, by their own estimates. Thread-safe. */
final class SharedCache {
    private final long bytes;
    private final AtomicInteger tasks = new AtomicInteger();

    SharedCache(long bytes) {
        this.bytes = bytes;
    }

    void join() {
        tasks.incrementAndGet();
    }

    void leave() {
        tasks.decrementAndGet();
    }

    /** What each may hold at present. */
    long share() {
        return bytes / Math.max(1, tasks.get());
    }
}
