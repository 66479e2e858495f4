package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Dead letters on dead-letters, as json/dead-letter.schema.json says; the original bytes are base64. */
public final class DeadLetterCodec {
    private static final byte[] REASON = name("{\"reason\"");
    private static final byte[] DETAIL = name(",\"detail\"");
    private static final byte[] STAGE = name(",\"stage\"");
    private static final byte[] ORIGIN = name(",\"origin\"");
    private static final byte[] TOPIC = name("{\"topic\"");
    private static final byte[] PARTITION = name(",\"partition\"");
    private static final byte[] OFFSET = name(",\"offset\"");
    private static final byte[] SOURCE = name(",\"source\"");
    private static final byte[] EVENT_ID = name(",\"eventId\"");
    private static final byte[] MODEL = name(",\"model\"");
    private static final byte[] KEY = name(",\"key\"");
    private static final byte[] PAYLOAD = name(",\"payload\"");
    private static final byte[] TRUNCATED = ",\"truncated\":true".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] ATTEMPTS = name(",\"attempts\"");
    private static final byte[] FAILED_AT = name(",\"failedAt\"");
    private static final byte[] TRACEPARENT = name(",\"traceparent\"");
    private static final int USUAL_LENGTH = 1024;

    private DeadLetterCodec() {}

    public static byte[] encode(DeadLetter letter) {
        Origin origin = letter.origin();
        Source source = letter.source();
        Traceparent trace = letter.traceparent();
        JsonWriter json = new JsonWriter(USUAL_LENGTH);
        json.text(REASON, letter.reason().code());
        json.text(DETAIL, letter.detail());
        json.text(STAGE, letter.stage().text());
        if (origin != null) {
            json.raw(ORIGIN);
            json.text(TOPIC, origin.topic());
            json.number(PARTITION, origin.partition());
            json.number(OFFSET, origin.offset());
            json.raw('}');
        }
        json.optional(SOURCE, source == null ? null : source.name());
        json.optional(EVENT_ID, letter.eventId());
        json.optional(MODEL, letter.model());
        json.optional(KEY, base64(letter.key()));
        json.optional(PAYLOAD, base64(letter.payload()));
        if (letter.truncated()) {
            json.raw(TRUNCATED);
        }
        json.number(ATTEMPTS, letter.attempts());
        json.instant(FAILED_AT, letter.failedAt());
        json.optional(TRACEPARENT, trace == null ? null : trace.value());
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * Reads a dead letter.
     *
     * @throws DecodeException if the bytes are none
     */
    public static DeadLetter decode(byte[] bytes) throws DecodeException {
        Fields fields = new Fields();
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                fields.read(field, reader);
            }
            reader.end();
            return fields.letter();
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String base64(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    private static byte @Nullable [] bytes(@Nullable String base64) {
        return base64 == null ? null : Base64.getDecoder().decode(base64);
    }

    private static Origin origin(RecordReader reader) throws IOException, DecodeException {
        String topic = null;
        int partition = -1;
        long offset = -1;
        for (String field = reader.field(); field != null; field = reader.field()) {
            switch (field) {
                case "topic" -> topic = reader.text(field);
                case "partition" -> partition = reader.intValue(field);
                case "offset" -> offset = reader.longValue(field);
                default -> reader.skip();
            }
        }
        return new Origin(required(topic, "origin.topic"), partition, offset);
    }

    /** What was read so far. */
    private static final class Fields {
        private @Nullable String reason;
        private @Nullable String detail;
        private @Nullable String stage;
        private @Nullable Origin origin;
        private @Nullable String source;
        private @Nullable String eventId;
        private @Nullable String model;
        private @Nullable String key;
        private @Nullable String payload;
        private boolean truncated;
        private int attempts = 1;
        private @Nullable Instant failedAt;
        private @Nullable String traceparent;

        void read(String field, RecordReader reader) throws IOException, DecodeException {
            switch (field) {
                case "reason" -> reason = reader.text(field);
                case "detail" -> detail = reader.text(field);
                case "stage" -> stage = reader.text(field);
                case "origin" -> origin = reader.enterObject(field) ? origin(reader) : null;
                case "source" -> source = reader.text(field);
                case "eventId" -> eventId = reader.text(field);
                case "model" -> model = reader.text(field);
                case "key" -> key = reader.text(field);
                case "payload" -> payload = reader.text(field);
                case "truncated" -> truncated = reader.flag(field);
                case "attempts" -> attempts = (int) Math.min(Integer.MAX_VALUE, reader.longValue(field));
                case "failedAt" -> failedAt = reader.instant(field);
                case "traceparent" -> traceparent = reader.text(field);
                default -> reader.skip();
            }
        }

        DeadLetter letter() throws DecodeException {
            return new DeadLetter(
                    Reason.parse(required(reason, "reason")),
                    required(detail, "detail"),
                    Stage.parse(required(stage, "stage")),
                    origin,
                    source == null ? null : new Source(source),
                    eventId,
                    model,
                    bytes(key),
                    bytes(payload),
                    truncated,
                    attempts,
                    required(failedAt, "failedAt"),
                    traceparent == null ? null : new Traceparent(traceparent));
        }
    }
}
