package io.millrace.prediction;

import io.millrace.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prediction on its way into the store or out of it: nobody there looks into its inputs, so they stay the JSON that they
 * are on the topic.
 *
 * @param prediction all but the inputs, which are {@link #NOT_READ}
 * @param features the dense features
 * @param sequence the last events, or null where the model takes none
 */
public record StoredPrediction(
        Prediction prediction,
        JsonObject features,
        @Nullable JsonObject sequence) {
    /** Stands in the prediction where its inputs would. */
    public static final Inputs NOT_READ = new Inputs(List.of(), new float[0], null);

    public StoredPrediction {
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(features, "features");
    }
}
