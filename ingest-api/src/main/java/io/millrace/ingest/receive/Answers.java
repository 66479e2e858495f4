package io.millrace.ingest.receive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ingest.observe.Health;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.outcome.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The JSON of the door's own answers, as openapi.yaml describes it. */
final class Answers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_LENGTH = 256;
    private static final String ALL_REFUSED = "no event was accepted; each is listed with its reason";
    private static final String MESSAGE = "message";

    /** Writes the fields of one object. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private Answers() {}

    static byte[] accepted(Outcome.Accepted outcome) {
        return object(json -> {
            json.writeNumberField("accepted", outcome.accepted().size());
            json.writeArrayFieldStart("eventIds");
            for (Outcome.AcceptedEvent event : outcome.accepted()) {
                json.writeString(event.id().value());
            }
            json.writeEndArray();
            refused(json, outcome.refused());
        });
    }

    static byte[] refused(Outcome.Refused outcome) {
        return object(json -> {
            problem(json, HttpStatus.BAD_REQUEST, "all_refused", ALL_REFUSED);
            refused(json, outcome.refused());
        });
    }

    /** With the first reason as Segment's {@code message}. */
    static byte[] refusedWithMessage(Outcome.Refused outcome) {
        return object(json -> {
            problem(json, HttpStatus.BAD_REQUEST, "all_refused", ALL_REFUSED);
            json.writeStringField(MESSAGE, outcome.refused().get(0).refusal().detail());
            refused(json, outcome.refused());
        });
    }

    static byte[] problem(Problem problem) {
        return object(json -> problem(json, HttpStatus.of(problem), problem.code(), problem.detail()));
    }

    /** With the same as Segment's {@code message}. */
    static byte[] problemWithMessage(Problem problem) {
        return object(json -> {
            problem(json, HttpStatus.of(problem), problem.code(), problem.detail());
            json.writeStringField(MESSAGE, problem.detail());
        });
    }

    static byte[] alive() {
        return object(json -> json.writeStringField("status", "ok"));
    }

    static byte[] readiness(boolean ready, Map<String, Health> healths) {
        return object(json -> {
            json.writeStringField("status", status(ready));
            json.writeObjectFieldStart("checks");
            for (Map.Entry<String, Health> health : healths.entrySet()) {
                json.writeObjectFieldStart(health.getKey());
                json.writeStringField("status", status(health.getValue() instanceof Health.Ready));
                if (health.getValue() instanceof Health.NotReady notReady) {
                    json.writeStringField("reason", notReady.reason());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private static String status(boolean ready) {
        return ready ? "ready" : "not_ready";
    }

    private static void problem(JsonGenerator json, HttpStatus status, String code, String detail) throws IOException {
        json.writeStringField("type", "about:blank");
        json.writeStringField("title", status.title());
        json.writeNumberField("status", status.code());
        json.writeStringField("code", code);
        json.writeStringField("detail", detail);
    }

    private static void refused(JsonGenerator json, List<RefusedEvent> events) throws IOException {
        json.writeArrayFieldStart("refused");
        for (RefusedEvent event : events) {
            json.writeStartObject();
            json.writeNumberField("index", event.index());
            if (event.id() != null) {
                json.writeStringField("id", event.id());
            }
            json.writeStringField("code", event.refusal().reason().code());
            json.writeStringField("detail", event.refusal().detail());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
