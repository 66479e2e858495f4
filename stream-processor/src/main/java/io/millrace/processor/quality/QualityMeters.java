package io.millrace.processor.quality;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the join counts. Thread-safe. */
final class QualityMeters {
    private final Counter positive;
    private final Counter negative;
    private final Counter dropped;
    private final Counter ofNoWindow;

    QualityMeters(MeterRegistry registry) {
        positive = outcomes(registry, "positive");
        negative = outcomes(registry, "negative");
        dropped = outcomes(registry, "dropped");
        ofNoWindow = Counter.builder("millrace.quality.late")
                .description(
                        "Predictions and outcomes that came when their window was no longer kept: they count over all"
                                + " time alone")
                .register(registry);
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

    void ofNoWindow(long count) {
        ofNoWindow.increment((double) count);
    }

    void dropped() {
        dropped.increment();
    }
}
