package io.millrace.ingest.query.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.Timestamps;
import io.millrace.deadletter.DeadLetter;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.query.event.Finding.Arrived;
import io.millrace.ingest.query.event.Finding.Letter;
import io.millrace.ingest.query.event.History.Occurrence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer's JSON, as openapi.yaml describes it. */
final class ToldJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ToldJson() {}

    static byte[] of(Told told) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", told.wanted().id().value());
            json.writeStringField("status", text(told.history().status()));
            optional(json, "note", told.note().isEmpty() ? null : told.note());
            json.writeArrayFieldStart("occurrences");
            for (Occurrence occurrence : told.history().occurrences()) {
                occurrence(json, occurrence);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("predictions");
            for (byte[] prediction : told.predictions()) {
                json.writeRawValue(new String(prediction, StandardCharsets.UTF_8));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("searched");
            for (Searched searched : told.searched()) {
                json.writeStartObject();
                json.writeStringField("topic", searched.topic());
                optional(json, "from", searched.from() == null ? null : Timestamps.format(searched.from()));
                json.writeStringField("to", Timestamps.format(searched.to()));
                json.writeBooleanField("complete", searched.complete());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("missing");
            for (Told.Missing missing : told.missing()) {
                json.writeStartObject();
                json.writeStringField("part", missing.part());
                json.writeStringField("reason", missing.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void occurrence(JsonGenerator json, Occurrence occurrence) throws IOException {
        json.writeStartObject();
        json.writeStringField("outcome", text(occurrence.outcome()));
        if (occurrence.finding() instanceof Arrived arrived) {
            place(json, arrived);
            json.writeStringField("source", arrived.event().source().name());
            optional(json, "userId", arrived.event().userId());
            optional(json, "anonymousId", arrived.event().anonymousId());
            time(json, "receivedAt", arrived.event().times().received());
            trace(json, arrived.trace());
        } else if (occurrence.finding() instanceof Letter letter) {
            place(json, letter);
            letter(json, letter.letter());
        }
        json.writeEndObject();
    }

    private static void letter(JsonGenerator json, DeadLetter letter) throws IOException {
        optional(
                json, "source", letter.source() == null ? null : letter.source().name());
        time(json, "failedAt", letter.failedAt());
        trace(json, letter.traceparent());
        json.writeStringField("stage", letter.stage().text());
        json.writeStringField("reason", letter.reason().code());
        json.writeStringField("detail", letter.detail());
        optional(json, "model", letter.model());
        if (letter.origin() != null) {
            json.writeObjectFieldStart("origin");
            json.writeStringField("topic", letter.origin().topic());
            json.writeNumberField("partition", letter.origin().partition());
            json.writeNumberField("offset", letter.origin().offset());
            json.writeEndObject();
        }
    }

    private static void place(JsonGenerator json, Finding finding) throws IOException {
        json.writeStringField("topic", finding.topic());
        json.writeNumberField("partition", finding.partition());
        json.writeNumberField("offset", finding.offset());
    }

    private static void time(JsonGenerator json, String name, Instant time) throws IOException {
        json.writeStringField(name, Timestamps.format(time));
    }

    private static void trace(JsonGenerator json, @Nullable Traceparent trace) throws IOException {
        optional(json, "traceparent", trace == null ? null : trace.value());
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
