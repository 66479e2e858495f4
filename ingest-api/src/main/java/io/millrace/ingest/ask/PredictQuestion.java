package io.millrace.ingest.ask;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.Sequence;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code predict}, read in one pass without a tree. Whether the features are the model's is the processor's to
 * say.
 *
 * @param inputs null where none are given
 * @param events slices of the body, one object each; null where none are given
 */
record PredictQuestion(
        String model,
        String version,
        @Nullable Inputs inputs,
        @Nullable String source,
        @Nullable String userId,
        @Nullable String anonymousId,
        @Nullable List<Slice> events) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException with a sentence for the client
     */
    static PredictQuestion read(byte[] body) {
        Reading reading = new Reading(body);
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the body: expected an object");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                reading.field(json, field);
            }
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("the body: expected one object and nothing after it");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body: expected JSON, " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be read: " + e.getMessage(), e);
        }
        return reading.question();
    }

    private static final class Reading {
        private final byte[] body;
        private String model = "";
        private String version = "";
        private @Nullable String source;
        private @Nullable String userId;
        private @Nullable String anonymousId;
        private @Nullable List<Slice> events;
        private Inputs.@Nullable Builder inputs;

        Reading(byte[] body) {
            this.body = body;
        }

        void field(JsonParser json, String field) throws IOException {
            switch (field) {
                case "model" -> model = text(json, field);
                case "version" -> version = text(json, field);
                case "source" -> source = text(json, field);
                case "userId" -> userId = text(json, field);
                case "anonymousId" -> anonymousId = text(json, field);
                case "features" -> features(json, inputs());
                case "sequence" -> inputs().setSequence(sequence(json));
                case "events" -> events = events(json);
                default ->
                    throw new IllegalArgumentException(
                            "field " + Refusal.shorten(field)
                                    + ": expected one of model, version, features, sequence, source, userId, anonymousId, events");
            }
        }

        private Inputs.Builder inputs() {
            Inputs.Builder builder = inputs == null ? Inputs.newBuilder() : inputs;
            inputs = builder;
            return builder;
        }

        private List<Slice> events(JsonParser json) throws IOException {
            expect(json, JsonToken.START_ARRAY, "events", "an array");
            List<Slice> slices = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json, JsonToken.START_OBJECT, "events[" + slices.size() + "]", "an object");
                int from = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                int to = (int) json.currentTokenLocation().getByteOffset() + 1;
                slices.add(new Slice(body, from, to - from));
            }
            return slices;
        }

        PredictQuestion question() {
            boolean isUser = userId != null || anonymousId != null;
            if ((inputs != null) == isUser) {
                throw new IllegalArgumentException("the body: given " + (isUser ? "features and a user" : "neither")
                        + ", expected features, or userId or anonymousId");
            }
            if (userId != null && anonymousId != null) {
                throw new IllegalArgumentException("anonymousId: given beside userId, expected one of them");
            }
            if (inputs != null && events != null) {
                throw new IllegalArgumentException("events: given beside features, expected them with a user");
            }
            return new PredictQuestion(
                    model, version, inputs == null ? null : inputs.build(), source, userId, anonymousId, events);
        }
    }

    private static void features(JsonParser json, Inputs.Builder inputs) throws IOException {
        expect(json, JsonToken.START_OBJECT, "features", "an object");
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Feature.Builder feature = Feature.newBuilder().setName(name);
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    feature.addValues(number(json, name));
                }
            } else {
                feature.addValues(number(json, name));
            }
            inputs.addFeatures(feature);
        }
    }

    private static Sequence sequence(JsonParser json) throws IOException {
        expect(json, JsonToken.START_OBJECT, "sequence", "an object");
        Sequence.Builder sequence = Sequence.newBuilder();
        List<Integer> widths = new ArrayList<>();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            expect(json, JsonToken.START_ARRAY, "sequence." + field, "an array");
            switch (field) {
                case "names" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        sequence.addNames(text(json, "sequence.names"));
                    }
                }
                case "values" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        expect(json, JsonToken.START_ARRAY, "sequence.values", "one array a step");
                        int before = sequence.getValuesCount();
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            sequence.addValues(number(json, "sequence.values"));
                        }
                        widths.add(sequence.getValuesCount() - before);
                    }
                }
                default ->
                    throw new IllegalArgumentException(
                            "sequence." + Refusal.shorten(field) + ": expected names and values");
            }
        }
        for (int width : widths) {
            if (width != sequence.getNamesCount()) {
                throw new IllegalArgumentException("sequence.values: given a step of " + width + " values, expected "
                        + sequence.getNamesCount() + ", one a name");
            }
        }
        return sequence.build();
    }

    private static String text(JsonParser json, String field) throws IOException {
        expect(json, JsonToken.VALUE_STRING, field, "a text");
        String text = json.getText();
        if (text.isEmpty()) {
            throw new IllegalArgumentException(field + ": given an empty text, expected at least one character");
        }
        return text;
    }

    private static float number(JsonParser json, String field) throws IOException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw new IllegalArgumentException(
                    Refusal.shorten(field) + ": given " + Refusal.shorten(json.getText()) + ", expected a number");
        }
        float value = json.getFloatValue();
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(
                    Refusal.shorten(field) + ": given " + Refusal.shorten(json.getText()) + ", expected a float32");
        }
        return value;
    }

    private static void expect(JsonParser json, JsonToken token, String field, String expected) throws IOException {
        if (json.currentToken() != token) {
            throw new IllegalArgumentException(
                    field + ": given " + Refusal.shorten(json.getText()) + ", expected " + expected);
        }
    }
}
