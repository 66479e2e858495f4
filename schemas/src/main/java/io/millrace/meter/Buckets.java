package io.millrace.meter;

import java.time.Duration;

/** The bounds of histograms; fixed, so that those of several processes can be added up. */
public final class Buckets {
    private static final Duration[] LATENCY = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private static final Duration[] WORK = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(200_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(1)
    };

    private Buckets() {}

    /** Of what somebody waits for: 1 ms to 10 s. */
    public static Duration[] latency() {
        return LATENCY.clone();
    }

    /** Of what runs within a process: 0.1 ms to 1 s. */
    public static Duration[] work() {
        return WORK.clone();
    }
}
