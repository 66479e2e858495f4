package io.millrace.processor.featurize;

import io.millrace.identity.ModelVersion;
import io.millrace.processor.feature.FeatureResult;
import java.util.Objects;

/**
 * One model's share of an event.
 *
 * @param model which selects the event
 * @param result its inputs, or why there are none
 */
public record Featurized(ModelVersion model, FeatureResult result) {
    public Featurized {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(result, "result");
    }
}
