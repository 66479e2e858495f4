package io.millrace.ingest.observe;

/** One dependency that /readyz names. Thread-safe. */
public interface HealthCheck {
    /** As /readyz shows it, such as {@code kafka}. */
    String name();

    /** What is known now; answers at once, because it is asked on an event loop. */
    Health check();
}
