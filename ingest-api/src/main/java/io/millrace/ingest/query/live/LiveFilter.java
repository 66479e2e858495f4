package io.millrace.ingest.query.live;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.identity.Source;
import io.millrace.ingest.query.Parameters;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import org.jspecify.annotations.Nullable;

/** Which predictions a listener wants; what is null lets everything pass. */
record LiveFilter(
        @Nullable Source source,
        @Nullable String userId,
        @Nullable String model,
        @Nullable String version,
        @Nullable Role role,
        @Nullable String label,
        @Nullable Float minScore,
        @Nullable Float maxScore) {
    /** @throws IllegalArgumentException with a sentence for the client */
    static LiveFilter of(Parameters parameters) {
        return new LiveFilter(
                parameters.value("source", Source::new, "the name of a source"),
                parameters.text("userId"),
                parameters.text("model"),
                parameters.text("version"),
                parameters.value("role", Role::parse, "champion, canary or shadow"),
                parameters.text("label"),
                parameters.number("minScore"),
                parameters.number("maxScore"));
    }

    /** A record's prediction, without its inputs; null where it holds none: the store's writer makes a dead letter of it. */
    static @Nullable Prediction read(byte @Nullable [] value) {
        try {
            return value == null ? null : PredictionCodec.decodeStored(value).prediction();
        } catch (DecodeException e) {
            return null;
        }
    }

    boolean passes(Prediction prediction) {
        return is(source, prediction.source())
                && is(userId, prediction.userId())
                && is(model, prediction.model().name())
                && is(version, prediction.model().version())
                && is(role, prediction.role())
                && is(label, prediction.label())
                && (minScore == null || prediction.score() >= minScore)
                && (maxScore == null || prediction.score() <= maxScore);
    }

    private static <T> boolean is(@Nullable T wanted, @Nullable T given) {
        return wanted == null || wanted.equals(given);
    }
}
