package io.millrace.processor.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the writer is doing, told by its thread and asked by others. Thread-safe. */
final class StoreStatus {
    private StoreHealth health = new StoreHealth(false, null, 0, "not connected yet");

    synchronized StoreHealth health() {
        return health;
    }

    synchronized void succeeded(Instant when) {
        health = new StoreHealth(true, when, health.lag(), "writing");
    }

    synchronized void failed(Throwable problem) {
        health = new StoreHealth(false, health.lastSuccess(), health.lag(), sentence(problem));
    }

    synchronized void lag(long records) {
        health = new StoreHealth(health.connected(), health.lastSuccess(), records, health.detail());
    }

    private static String sentence(Throwable problem) {
        StringBuilder sentence = new StringBuilder();
        for (@Nullable Throwable cause = problem; cause != null; cause = cause.getCause()) {
            sentence.append(sentence.isEmpty() ? "" : ": ").append(cause.getMessage());
        }
        return sentence.toString();
    }
}
