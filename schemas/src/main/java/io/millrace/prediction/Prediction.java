package io.millrace.prediction;

import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one model version said about one event.
 *
 * @param id a pure function of event and model version
 * @param eventId the event's
 * @param source the event's
 * @param userId the event's, if it had one
 * @param anonymousId the event's, if it had one
 * @param model name and version
 * @param sha256 of the artifact that made the score
 * @param role the version's part at that moment
 * @param score float32, as the model gave it; finite
 * @param label what the score is about; given where the score is at or above the threshold, else "not_" before it
 * @param threshold at or above which the label holds
 * @param inputs what the model was given
 * @param eventTime the event's time
 * @param receivedAt when the door took the event; the store partitions by it, because a replay of old events must not
 *     fall at once to retention, and because it is the event's own, so that a second scoring meets the first row
 * @param scoredAt when, by the scorer's clock
 * @param traceparent the event's trace
 */
public record Prediction(
        PredictionId id,
        EventId eventId,
        Source source,
        @Nullable String userId,
        @Nullable String anonymousId,
        ModelVersion model,
        Sha256 sha256,
        Role role,
        float score,
        String label,
        float threshold,
        Inputs inputs,
        Instant eventTime,
        Instant receivedAt,
        Instant scoredAt,
        @Nullable Traceparent traceparent) {
    public Prediction {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(eventTime, "eventTime");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(scoredAt, "scoredAt");
        if (!Float.isFinite(score)) {
            throw new IllegalArgumentException("score " + score + ": expected a finite number");
        }
    }
}
