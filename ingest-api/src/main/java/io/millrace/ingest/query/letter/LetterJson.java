package io.millrace.ingest.query.letter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.Timestamps;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Letters as openapi.yaml promises them. */
final class LetterJson {
    /** Of what was refused, in a list. */
    static final int BEGINNING = 1024;

    private static final JsonFactory JSON = new JsonFactory();

    /** How many letters there are of a kind. */
    record Count(String reason, String stage, boolean redriven, long count) {}

    private LetterJson() {}

    /** @param mostBytes that are shown of key and payload */
    static byte[] of(LetterRow row, int mostBytes) {
        return write(json -> letter(json, row, mostBytes));
    }

    static byte[] counts(List<Count> counts) {
        return write(json -> {
            json.writeStartObject();
            json.writeNumberField(
                    "total", counts.stream().mapToLong(Count::count).sum());
            json.writeArrayFieldStart("counts");
            for (Count count : counts) {
                json.writeStartObject();
                json.writeStringField("reason", count.reason());
                json.writeStringField("stage", count.stage());
                json.writeBooleanField("redriven", count.redriven());
                json.writeNumberField("count", count.count());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    /** Through characters: the generator of bytes refuses half a surrogate pair, and what was refused may hold one. */
    private static byte[] write(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void letter(JsonGenerator json, LetterRow row, int mostBytes) throws IOException {
        DeadLetter letter = row.letter();
        Source source = letter.source();
        Traceparent trace = letter.traceparent();
        json.writeStartObject();
        json.writeStringField("id", row.id().text());
        json.writeNumberField("partition", row.id().partition());
        json.writeNumberField("offset", row.id().offset());
        json.writeStringField("reason", letter.reason().code());
        json.writeStringField("detail", letter.detail());
        json.writeStringField("stage", letter.stage().text());
        origin(json, letter.origin());
        optional(json, "source", source == null ? null : source.name());
        optional(json, "eventId", letter.eventId());
        optional(json, "userId", row.userId());
        optional(json, "model", letter.model());
        bytes(json, "key", letter.key(), mostBytes);
        bytes(json, "payload", letter.payload(), mostBytes);
        json.writeBooleanField("truncated", letter.truncated());
        json.writeNumberField("attempts", letter.attempts());
        json.writeStringField("failedAt", Timestamps.format(letter.failedAt()));
        optional(json, "traceparent", trace == null ? null : trace.value());
        if (row.redrivenAt() != null) {
            json.writeObjectFieldStart("redriven");
            json.writeNumberField("attempt", row.attempt());
            json.writeStringField("at", Timestamps.format(row.redrivenAt()));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void origin(JsonGenerator json, @Nullable Origin origin) throws IOException {
        if (origin != null) {
            json.writeObjectFieldStart("origin");
            json.writeStringField("topic", origin.topic());
            json.writeNumberField("partition", origin.partition());
            json.writeNumberField("offset", origin.offset());
            json.writeEndObject();
        }
    }

    /** As text, and where that does not say all, as hex too. */
    private static void bytes(JsonGenerator json, String name, byte @Nullable [] bytes, int most) throws IOException {
        if (bytes == null) {
            return;
        }
        boolean isText = isUtf8(bytes);
        byte[] shown =
                bytes.length <= most ? bytes : Arrays.copyOf(bytes, isText ? wholeCharacters(bytes, most) : most);
        json.writeObjectFieldStart(name);
        json.writeNumberField("length", bytes.length);
        json.writeStringField("text", new String(shown, StandardCharsets.UTF_8));
        if (!isText) {
            json.writeStringField("hex", HexFormat.of().formatHex(shown));
        }
        json.writeBooleanField("cut", shown.length < bytes.length);
        json.writeEndObject();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** So many bytes of UTF-8, or less: no character is cut in two. */
    private static int wholeCharacters(byte[] bytes, int most) {
        int end = most;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
