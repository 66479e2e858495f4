package io.millrace.processor.quality;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the join counts. Thread-safe. */
final class QualityMeters {
    private final Counter positive;
    private final Counter negative;
    private final Counter dropped;

    QualityMeters(MeterRegistry registry) {
        positive = outcomes(registry, "positive");
        negative = outcomes(registry, "negative");
        dropped = outcomes(registry, "dropped");
    }

    private static Counter outcomes(MeterRegistry registry, String outcome) {
        return Counter.builder("millrace.outcomes")
                .description("Predictions joined with what their users did later, and those that could not be")
                .tag("outcome", outcome)
                .register(registry);
    }

    void known(boolean wasPositive) {
        (wasPositive ? positive : negative).increment();
    }

    void dropped() {
        dropped.increment();
    }
}
