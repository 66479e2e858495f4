package io.millrace.ingest.receive.mqtt;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the bytes that something of all devices together holds. Thread-safe. */
final class Room {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    Room(long most) {
        this.most = most;
    }

    /** False where there is no room, and then nothing is taken. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= most) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }
}
