package io.millrace.processor.store;

import io.millrace.codec.InputsJson;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Inputs.Sequence;
import io.millrace.prediction.Inputs.Slot;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Predictions for the store's tests and its benchmark: the same number always gives the same one. */
final class SomePredictions {
    private static final Source SHOP = new Source("shop");
    private static final ModelVersion MODEL = new ModelVersion("purchase-intent", "1.0.0");
    private static final Sha256 SHA256 = Sha256.of("an artifact".getBytes(StandardCharsets.UTF_8));
    private static final List<Slot> SLOTS = slots();

    private SomePredictions() {}

    static Prediction prediction(int number, Instant receivedAt) {
        SplittableRandom random = new SplittableRandom(number);
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 3 == 0 ? random.nextInt(100) : (float) random.nextDouble();
        }
        return prediction(number, "user-" + number % 1_000, receivedAt, new Inputs(SLOTS, values, null));
    }

    static Prediction prediction(int number, String userId, Instant receivedAt, Inputs inputs) {
        SplittableRandom random = new SplittableRandom(number);
        EventId event = new EventId("0190b1c8-0000-7000-8000-" + String.format("%012x", number));
        float score = (float) random.nextDouble();
        return new Prediction(
                PredictionId.of(SHOP, event, MODEL),
                event,
                SHOP,
                userId,
                null,
                MODEL,
                SHA256,
                Role.CHAMPION,
                score,
                score >= 0.5f ? "purchase" : "not_purchase",
                0.5f,
                inputs,
                receivedAt.minusMillis(250),
                receivedAt,
                receivedAt.plusMillis(12),
                new Traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-" + String.format("%016x", number + 1) + "-01"));
    }

    /** Every optional part is there, and values whose shortest text is long. */
    static Prediction full(int number, Instant receivedAt) {
        Inputs inputs = new Inputs(
                List.of(new Slot("views_1h", 1), new Slot("embedding", 3)),
                new float[] {Float.MIN_VALUE, 0.1f, -3.4028235e38f, 1f / 3},
                new Sequence(List.of("kind", "gap"), 2, new float[] {1, 0.25f, 2, 1e-7f}));
        return prediction(number, "Zoë \"Δ\" 𝒵 \\ '; DROP TABLE predictions; --", receivedAt, inputs);
    }

    /** No user but a visitor, no sequence, no trace. */
    static Prediction sparse(int number, Instant receivedAt) {
        Prediction p = prediction(number, receivedAt);
        return new Prediction(
                p.id(),
                p.eventId(),
                p.source(),
                null,
                "visitor",
                p.model(),
                p.sha256(),
                Role.SHADOW,
                -0.0f,
                p.label(),
                p.threshold(),
                new Inputs(List.of(), new float[0], null),
                p.eventTime(),
                receivedAt,
                p.scoredAt(),
                null);
    }

    /** PostgreSQL has no NUL. */
    static Prediction unstorable(int number, Instant receivedAt) {
        return prediction(number, "a\0b", receivedAt, new Inputs(SLOTS, new float[24], null));
    }

    /** As the writer has it. */
    static StoredPrediction stored(Prediction prediction) {
        return new StoredPrediction(
                prediction, InputsJson.features(prediction.inputs()), InputsJson.sequence(prediction.inputs()));
    }

    static List<StoredPrediction> rows(int from, int to, Instant receivedAt) {
        return predictions(from, to, receivedAt).stream()
                .map(SomePredictions::stored)
                .toList();
    }

    static List<Prediction> predictions(int from, int to, Instant receivedAt) {
        List<Prediction> predictions = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            predictions.add(prediction(i, receivedAt.plusMillis(i % 1_000)));
        }
        return predictions;
    }

    private static List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            slots.add(new Slot("product_viewed_count_" + i + "h", 1));
        }
        return List.copyOf(slots);
    }
}
