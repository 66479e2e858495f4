package io.millrace.processor.score;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.ErasureCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.PredictionHeaders;
import io.millrace.codec.ProfileCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Erasure;
import io.millrace.event.Event;
import io.millrace.event.Profile;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Traceparent;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.processor.observe.ScoringMeters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Makes the records that leave the stage and hands them to their sinks. One a task; call it from the task's thread. */
final class Emitter {
    private final ProcessorContext<byte[], byte[]> context;
    private final ScoringMeters meters;
    private final PredictionHeaders predictionHeaders;
    /** Of a prediction that comes after an erasure: the two must not seem to be of one moment. */
    private Instant earliest = Instant.MIN;

    Emitter(ProcessorContext<byte[], byte[]> context, ScoringMeters meters, PredictionHeaders predictionHeaders) {
        this.predictionHeaders = predictionHeaders;
        this.context = context;
        this.meters = meters;
    }

    /** By the clock that Streams keeps, which a test can set. */
    Instant now() {
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        return now.isBefore(earliest) ? earliest : now;
    }

    /** @param score finite */
    PredictionId prediction(Waiting waiting, float score, Instant scoredAt) {
        Event event = waiting.arrived.event();
        Manifest manifest = waiting.model.manifest();
        Prediction prediction = new Prediction(
                PredictionId.of(event.source(), event.id(), manifest.model()),
                event.id(),
                event.source(),
                event.userId(),
                event.anonymousId(),
                manifest.model(),
                manifest.sha256(),
                waiting.model.role(),
                score,
                manifest.labelOf(score),
                manifest.threshold(),
                waiting.inputs,
                event.times().event(),
                event.times().received(),
                scoredAt,
                waiting.trace);
        Headers headers = headers(Schema.PREDICTION, waiting.trace);
        predictionHeaders.put(headers, prediction);
        context.forward(
                new Record<>(
                        waiting.key,
                        PredictionCodec.encode(prediction),
                        event.times().received().toEpochMilli(),
                        headers),
                waiting.model.role() == Role.SHADOW ? ScoreProcessor.SHADOW_PREDICTIONS : ScoreProcessor.PREDICTIONS);
        return prediction.id();
    }

    void profile(byte[] key, Profile profile, Instant timestamp, @Nullable Traceparent trace) {
        forward(ScoreProcessor.PROFILES, key, ProfileCodec.encode(profile), timestamp, Schema.PROFILE, trace);
    }

    /** Takes the profile away, and says that the user is erased: as of now, and what is scored from now on is later. */
    void erased(UserKey user, byte[] key, @Nullable Traceparent trace) {
        Instant at = now();
        context.forward(
                new Record<byte[], byte[]>(key, null, at.toEpochMilli(), headers(Schema.PROFILE, trace)),
                ScoreProcessor.PROFILES);
        Erasure erasure = Erasure.of(user, at);
        forward(
                ScoreProcessor.ERASURES,
                erasure.hash().hex().getBytes(StandardCharsets.UTF_8),
                ErasureCodec.encode(erasure),
                at,
                Schema.ERASURE,
                trace);
        earliest = at.plusMillis(1);
    }

    void deadLetter(
            Stage stage,
            Reason reason,
            String detail,
            @Nullable ArrivedEvent arrived,
            byte @Nullable [] key,
            @Nullable ActiveModel model,
            @Nullable RecordMetadata origin,
            @Nullable Traceparent trace) {
        Instant failedAt = now();
        DeadLetter letter = new DeadLetter(
                reason,
                detail,
                stage,
                origin == null ? null : new Origin(origin.topic(), origin.partition(), origin.offset()),
                arrived == null ? null : arrived.event().source(),
                arrived == null ? null : arrived.event().id().value(),
                model == null
                        ? refusedBefore(arrived)
                        : model.manifest().model().toString(),
                key,
                arrived == null ? null : arrived.bytes(),
                false,
                arrived == null ? 1 : arrived.attempts(),
                failedAt,
                trace);
        meters.deadLetter(letter);
        forward(ScoreProcessor.DEAD_LETTERS, key, DeadLetterCodec.encode(letter), failedAt, Schema.DEAD_LETTER, trace);
    }

    /** The model that refused an event which was put back for it alone. */
    private static @Nullable String refusedBefore(@Nullable ArrivedEvent arrived) {
        Redrive redrive = arrived == null ? null : arrived.redrive();
        return redrive == null ? null : redrive.model();
    }

    private void forward(
            String sink,
            byte @Nullable [] key,
            byte[] value,
            Instant timestamp,
            Schema schema,
            @Nullable Traceparent trace) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli(), headers(schema, trace)), sink);
    }

    private static Headers headers(Schema schema, @Nullable Traceparent trace) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.put(headers, schema, trace);
        return headers;
    }
}
