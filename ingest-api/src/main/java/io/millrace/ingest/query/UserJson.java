package io.millrace.ingest.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.codec.Timestamps;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.LiveFeatures;
import io.millrace.identity.UserKey;
import io.millrace.ingest.ask.InputsWriter;
import io.millrace.ingest.query.UserEndpoint.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is known of a user, and what is missing, as JSON. */
final class UserJson {
    private static final JsonFactory JSON = new JsonFactory();

    private UserJson() {}

    static byte[] of(UserKey user, int limit, Part<GetUserResponse> known, Part<List<byte[]>> scored) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("userId", user.id());
            json.writeStringField("source", user.source().name());
            GetUserResponse state = known.value();
            if (state != null) {
                state(state, json);
            }
            List<byte[]> history = scored.value();
            if (history != null) {
                history(history, limit, json);
            }
            json.writeArrayFieldStart("missing");
            missing(known.missing(), json, "profile", "live");
            missing(scored.missing(), json, "latest", "predictions");
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private static void state(GetUserResponse state, JsonGenerator json) throws IOException {
        if (state.hasProfile()) {
            json.writeObjectFieldStart("profile");
            json.writeFieldName("traits");
            json.writeRawValue(state.getProfile().getTraitsJson());
            json.writeStringField("updatedAt", time(state.getProfile().getUpdatedMs()));
            json.writeEndObject();
        }
        if (state.getLastEventMs() > 0) {
            json.writeStringField("lastEventAt", time(state.getLastEventMs()));
        }
        json.writeStringField("asOf", time(state.getAsOfMs()));
        json.writeArrayFieldStart("live");
        for (LiveFeatures live : state.getLiveList()) {
            json.writeStartObject();
            InputsWriter.model(live.getModel(), json);
            if (live.hasInputs()) {
                InputsWriter.inputs(live.getInputs(), json);
            } else {
                json.writeStringField("reason", live.getReason());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void history(List<byte[]> history, int limit, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("latest");
        Set<String> models = new HashSet<>();
        for (byte[] prediction : history) {
            if (models.add(model(prediction))) {
                json.writeRawValue(new String(prediction, StandardCharsets.UTF_8));
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("predictions");
        for (byte[] prediction : history.subList(0, Math.min(limit, history.size()))) {
            json.writeRawValue(new String(prediction, StandardCharsets.UTF_8));
        }
        json.writeEndArray();
    }

    private static String model(byte[] prediction) throws IOException {
        try (JsonParser parser = JSON.createParser(prediction)) {
            parser.nextToken();
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (field.equals("model") && value == JsonToken.VALUE_STRING) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
        }
        throw new IllegalStateException("a prediction has a model");
    }

    private static void missing(@org.jspecify.annotations.Nullable String reason, JsonGenerator json, String... parts)
            throws IOException {
        if (reason == null) {
            return;
        }
        for (String part : parts) {
            json.writeStartObject();
            json.writeStringField("part", part);
            json.writeStringField("reason", reason);
            json.writeEndObject();
        }
    }

    private static String time(long millis) {
        return Timestamps.format(Instant.ofEpochMilli(millis));
    }
}
