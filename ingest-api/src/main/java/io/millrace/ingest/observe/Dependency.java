package io.millrace.ingest.observe;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Something behind the door that can be away or slow: a circuit breaker, so that nobody waits for what has just failed again
 * and again, and a bulkhead, so that one that is slow does not take all that the door has. Thread-safe.
 */
public final class Dependency {
    private static final float FAILING_PERCENT = 50;
    private static final int WINDOW_CALLS = 20;
    private static final int LEAST_CALLS = 5;
    private static final int TRIAL_CALLS = 3;

    private final String name;
    private final int most;
    private final CircuitBreaker breaker;
    private final Semaphore free;
    private final Duration openFor;
    private final Counter shut;
    private final Counter full;

    /** Whether a call may be made. */
    public sealed interface Entry permits Pass, Entry.Shut, Entry.Full {
        /** Not now: it has failed too often of late. */
        record Shut(String reason, Duration retryAfter) implements Entry {}

        /** Not now: too many calls are under way. */
        record Full(String reason) implements Entry {}
    }

    /** A call that is under way; one of the two ends it, once. */
    public final class Pass implements Entry {
        private final long began = System.nanoTime();

        private Pass() {}

        /** It answered, whatever it said. */
        public void answered() {
            free.release();
            breaker.onSuccess(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }

        /** It did not answer, or not in time. */
        public void failed(Throwable failure) {
            free.release();
            breaker.onError(System.nanoTime() - began, TimeUnit.NANOSECONDS, failure);
        }
    }

    /**
     * Watches one.
     *
     * @param name for people and meters; one of few
     * @param most calls under way
     * @param openFor how long nobody is let through once half of the last {@value #WINDOW_CALLS} calls failed
     */
    public Dependency(String name, int most, Duration openFor, MeterRegistry registry) {
        this.name = name;
        this.most = most;
        this.openFor = openFor;
        this.free = new Semaphore(most);
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(WINDOW_CALLS, LEAST_CALLS, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(FAILING_PERCENT)
                        .waitDurationInOpenState(openFor)
                        .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
                        .build());
        Gauge.builder("millrace.dependency.state", breaker, Dependency::state)
                .description("Circuit breaker: 0 closed, 1 half open, 2 open")
                .tag("dependency", name)
                .register(registry);
        Gauge.builder("millrace.dependency.calls", free, semaphore -> most - semaphore.availablePermits())
                .description("Calls under way")
                .tag("dependency", name)
                .register(registry);
        this.shut = refused(registry, "open");
        this.full = refused(registry, "full");
    }

    private Counter refused(MeterRegistry registry, String reason) {
        return Counter.builder("millrace.dependency.refused")
                .description("Calls that were not made")
                .tag("dependency", name)
                .tag("reason", reason)
                .register(registry);
    }

    private static double state(CircuitBreaker breaker) {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
            case HALF_OPEN -> 1;
            case OPEN, FORCED_OPEN -> 2;
        };
    }

    public String name() {
        return name;
    }

    /** Asks to make a call. A {@link Pass} has to be ended. */
    public Entry enter() {
        if (!breaker.tryAcquirePermission()) {
            shut.increment();
            return new Entry.Shut(name + " has failed too often of late and is left alone for a moment", openFor);
        }
        if (!free.tryAcquire()) {
            breaker.releasePermission();
            full.increment();
            return new Entry.Full("too many calls to " + name + " are under way, expected at most " + most);
        }
        return new Pass();
    }
}
