package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.Reason;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Predictions on predictions, as json/prediction.schema.json says. Every float32 is written as the shortest text that reads
 * back bit for bit, so that the inputs in a prediction give its score again.
 */
public final class PredictionCodec {
    private static final byte[] ID = name("{\"id\"");
    private static final byte[] EVENT_ID = name(",\"eventId\"");
    private static final byte[] SOURCE = name(",\"source\"");
    private static final byte[] USER_ID = name(",\"userId\"");
    private static final byte[] ANONYMOUS_ID = name(",\"anonymousId\"");
    private static final byte[] MODEL = name(",\"model\"");
    private static final byte[] VERSION = name(",\"version\"");
    private static final byte[] SHA256 = name(",\"sha256\"");
    private static final byte[] ROLE = name(",\"role\"");
    private static final byte[] SCORE = name(",\"score\"");
    private static final byte[] LABEL = name(",\"label\"");
    private static final byte[] THRESHOLD = name(",\"threshold\"");
    private static final byte[] FEATURES = name(",\"features\"");
    private static final byte[] SEQUENCE = name(",\"sequence\"");
    private static final byte[] EVENT_TIME = name(",\"eventTime\"");
    private static final byte[] RECEIVED_AT = name(",\"receivedAt\"");
    private static final byte[] SCORED_AT = name(",\"scoredAt\"");
    private static final byte[] TRACEPARENT = name(",\"traceparent\"");

    /** All but the inputs, with usual ids. */
    private static final int USUAL_LENGTH = 768;

    private PredictionCodec() {}

    /**
     * Writes a prediction.
     *
     * @throws IllegalArgumentException if an input or the threshold is not finite, for which JSON has no number
     */
    public static byte[] encode(Prediction prediction) {
        Inputs inputs = prediction.inputs();
        Inputs.Sequence sequence = inputs.sequence();
        JsonWriter json = new JsonWriter(USUAL_LENGTH + InputsJson.usualLength(inputs));
        writeScore(prediction, json);
        json.raw(FEATURES);
        InputsJson.writeFeatures(inputs, json);
        if (sequence != null) {
            json.raw(SEQUENCE);
            InputsJson.writeSequence(sequence, json);
        }
        writeTimes(prediction, json);
        return json.toByteArray();
    }

    /** Writes a prediction whose inputs are JSON already: the bytes that {@link #decodeStored} read, without parsing a number. */
    public static byte[] encode(StoredPrediction stored) {
        JsonObject features = stored.features();
        JsonObject sequence = stored.sequence();
        JsonWriter json = new JsonWriter(USUAL_LENGTH + features.length() + (sequence == null ? 0 : sequence.length()));
        writeScore(stored.prediction(), json);
        json.object(FEATURES, features);
        if (sequence != null) {
            json.object(SEQUENCE, sequence);
        }
        writeTimes(stored.prediction(), json);
        return json.toByteArray();
    }

    private static void writeScore(Prediction prediction, JsonWriter json) {
        json.text(ID, prediction.id().toString());
        json.text(EVENT_ID, prediction.eventId().value());
        json.text(SOURCE, prediction.source().name());
        json.optional(USER_ID, prediction.userId());
        json.optional(ANONYMOUS_ID, prediction.anonymousId());
        json.text(MODEL, prediction.model().name());
        json.text(VERSION, prediction.model().version());
        json.text(SHA256, prediction.sha256().hex());
        json.text(ROLE, prediction.role().text());
        json.raw(SCORE);
        json.number(prediction.score());
        json.text(LABEL, prediction.label());
        json.raw(THRESHOLD);
        json.number(prediction.threshold());
    }

    private static void writeTimes(Prediction prediction, JsonWriter json) {
        Traceparent trace = prediction.traceparent();
        json.instant(EVENT_TIME, prediction.eventTime());
        json.instant(RECEIVED_AT, prediction.receivedAt());
        json.instant(SCORED_AT, prediction.scoredAt());
        json.optional(TRACEPARENT, trace == null ? null : trace.value());
        json.raw('}');
    }

    /**
     * Reads a prediction.
     *
     * @throws DecodeException if the bytes are none
     */
    public static Prediction decode(byte[] bytes) throws DecodeException {
        try {
            Fields fields = read(bytes, false);
            Inputs dense = required(fields.features, "features");
            Inputs.Sequence sequence = fields.sequence;
            return fields.prediction(sequence == null ? dense : new Inputs(dense.slots(), dense.values(), sequence));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a prediction for the store: its inputs are seen to be JSON and left as they are, which halves the cost.
     *
     * @param bytes not to be written to after: the inputs are slices of them
     * @throws DecodeException if the bytes are no prediction
     */
    public static StoredPrediction decodeStored(byte[] bytes) throws DecodeException {
        try {
            Fields fields = read(bytes, true);
            return new StoredPrediction(
                    fields.prediction(StoredPrediction.NOT_READ),
                    required(fields.featuresJson, "features"),
                    fields.sequenceJson);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static Fields read(byte[] bytes, boolean inputsAsJson) throws DecodeException {
        Fields fields = new Fields();
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                if (!inputsAsJson || !fields.readJson(field, reader)) {
                    fields.read(field, reader);
                }
            }
            reader.end();
            return fields;
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        }
    }

    /** What was read so far. */
    private static final class Fields {
        private @Nullable String id;
        private @Nullable String eventId;
        private @Nullable String source;
        private @Nullable String userId;
        private @Nullable String anonymousId;
        private @Nullable String model;
        private @Nullable String version;
        private @Nullable String sha256;
        private @Nullable String role;
        private @Nullable Float score;
        private @Nullable String label;
        private @Nullable Float threshold;
        private @Nullable Inputs features;
        private Inputs.@Nullable Sequence sequence;
        private @Nullable JsonObject featuresJson;
        private @Nullable JsonObject sequenceJson;
        private @Nullable Instant eventTime;
        private @Nullable Instant receivedAt;
        private @Nullable Instant scoredAt;
        private @Nullable String traceparent;

        void read(String field, RecordReader reader) throws IOException, DecodeException {
            switch (field) {
                case "id" -> id = reader.text(field);
                case "eventId" -> eventId = reader.text(field, EventId.MAX_LENGTH);
                case "source" -> source = reader.text(field);
                case "userId" -> userId = reader.text(field, UserKey.MAX_ID_LENGTH);
                case "anonymousId" -> anonymousId = reader.text(field, UserKey.MAX_ID_LENGTH);
                case "model" -> model = reader.text(field);
                case "version" -> version = reader.text(field);
                case "sha256" -> sha256 = reader.text(field);
                case "role" -> role = reader.text(field);
                case "score" -> score = number(field, reader);
                case "label" -> label = reader.text(field, UserKey.MAX_ID_LENGTH);
                case "threshold" -> threshold = number(field, reader);
                case "features" -> features = InputsJson.readFeatures(reader);
                case "sequence" -> sequence = InputsJson.readSequence(reader);
                case "eventTime" -> eventTime = reader.instant(field);
                case "receivedAt" -> receivedAt = reader.instant(field);
                case "scoredAt" -> scoredAt = reader.instant(field);
                case "traceparent" -> traceparent = reader.text(field);
                default -> reader.skip();
            }
        }

        /** Reads the field if it is one of the inputs. */
        boolean readJson(String field, RecordReader reader) throws IOException, DecodeException {
            switch (field) {
                case "features" -> featuresJson = reader.objectOrNull(field);
                case "sequence" -> sequenceJson = reader.objectOrNull(field);
                default -> {
                    return false;
                }
            }
            return true;
        }

        Prediction prediction(Inputs inputs) throws DecodeException {
            required(userId != null ? userId : anonymousId, "userId and anonymousId, of which one must be there,");
            return new Prediction(
                    new PredictionId(UUID.fromString(required(id, "id"))),
                    new EventId(required(eventId, "eventId")),
                    new Source(required(source, "source")),
                    userId,
                    anonymousId,
                    new ModelVersion(required(model, "model"), required(version, "version")),
                    new Sha256(required(sha256, "sha256")),
                    Role.parse(required(role, "role")),
                    required(score, "score"),
                    required(label, "label"),
                    required(threshold, "threshold"),
                    inputs,
                    required(eventTime, "eventTime"),
                    required(receivedAt, "receivedAt"),
                    required(scoredAt, "scoredAt"),
                    traceparent == null ? null : new Traceparent(traceparent));
        }

        private static float number(String field, RecordReader reader) throws IOException, DecodeException {
            reader.next();
            return reader.floatValue(field);
        }
    }
}
