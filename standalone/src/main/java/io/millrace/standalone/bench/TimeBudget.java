package io.millrace.standalone.bench;

import java.time.Duration;

/**
 * How long the phases of a sitting may take. A quick one is to be over within two minutes on a slow machine too, where each
 * start takes longer: what remains of them is divided. Used by one thread.
 */
final class TimeBudget {
    private static final Duration QUICK = Duration.ofSeconds(108);
    /** When a quick sitting's pipeline has had its time to warm up, starts included. */
    private static final Duration WARM_BY = Duration.ofSeconds(28);

    private static final Duration LEAST = Duration.ofSeconds(4);

    private final boolean quick;
    private final Duration warmUp;
    private final long began = System.nanoTime();
    private Duration forBacklogs = Duration.ZERO;

    TimeBudget(Plan plan) {
        this.quick = plan.quick();
        this.warmUp = plan.warmUp();
    }

    /** For a pipeline to become faster before it is measured. */
    Duration warmUp() {
        return quick ? atLeast(WARM_BY.minus(gone())) : warmUp;
    }

    /** The backlogs begin: they share what there is now. */
    void beginBacklogs() {
        forBacklogs = QUICK.minus(gone());
    }

    /** How long a backlog may be worked at, from the first commit; what is done by then is measured. */
    Duration backlog(Variant variant) {
        return quick
                ? atLeast(forBacklogs.multipliedBy(variant.quickPercent()).dividedBy(100))
                : Duration.ofMinutes(10);
    }

    private Duration gone() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static Duration atLeast(Duration duration) {
        return duration.compareTo(LEAST) < 0 ? LEAST : duration;
    }
}
