package io.millrace.processor.feature;

import io.millrace.deadletter.Reason;
import io.millrace.prediction.Inputs;
import java.util.Objects;

/** What came of computing one model's inputs for one event. */
public sealed interface FeatureResult {
    /** The model's inputs; every value is finite. */
    record Computed(Inputs inputs) implements FeatureResult {
        public Computed {
            Objects.requireNonNull(inputs, "inputs");
        }
    }

    /**
     * The event lacks what the model cannot do without.
     *
     * @param reason the dead letter's
     * @param detail what, the value and what was expected
     */
    record Refused(Reason reason, String detail) implements FeatureResult {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }
}
