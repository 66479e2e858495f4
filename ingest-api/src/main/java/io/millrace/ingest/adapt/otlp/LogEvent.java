package io.millrace.ingest.adapt.otlp;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.Timestamps;
import io.millrace.identity.Sha256;
import io.millrace.ingest.adapt.BodyJson;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One log record as a posted event; the table of what becomes what is in docs/producers.md.
 *
 * @param resource that made it
 * @param attributes of the record
 */
record LogEvent(LogResource resource, LogRecord log, Map<String, AnyValue> attributes) {
    /** The second is by what logging libraries are told to make an event, where nobody has read it on the way. */
    private static final List<String> NAMES = List.of("event.name", "otel.event.name");

    private static final String UID = "log.record.uid";
    private static final String SESSION = "session.id";
    private static final String PSEUDONYM = "enduser.pseudo.id";
    private static final List<String> USERS = List.of("user.id", "enduser.id");
    private static final long NANOS = 1_000_000_000L;

    static LogEvent of(LogResource resource, LogRecord log) {
        return new LogEvent(resource, log, LogJson.byKey(log.getAttributesList()));
    }

    /** Null where the record is a plain log. */
    @Nullable
    String name() {
        if (!log.getEventName().isBlank()) {
            return log.getEventName();
        }
        String named = text(attributes, NAMES.get(0));
        return named == null ? text(attributes, NAMES.get(1)) : named;
    }

    /**
     * Whether anything says whose event it is. Some libraries name each log by its place in the code, which makes it an event
     * to OpenTelemetry and none of a user.
     */
    boolean isOfSomebody() {
        return Stream.concat(USERS.stream(), Stream.of(PSEUDONYM, SESSION))
                .anyMatch(name -> text(attributes, name) != null || text(resource.attributes(), name) != null);
    }

    /**
     * What the record calls itself, or else a digest of all that it says: sent again, the same. Null where it says neither
     * that nor when it was, as then what is alike may have happened twice.
     *
     * @param occurrence of the same record in one request, from 0
     */
    @Nullable
    String id(int occurrence) {
        String uid = text(attributes, UID);
        if (uid != null || nanos() == 0) {
            return uid;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        said.writeBytes(resource.digest().getBytes(StandardCharsets.US_ASCII));
        said.writeBytes(log.toByteArray());
        said.write(occurrence);
        said.write(occurrence >> 8);
        return "otel-" + Sha256.of(said.toByteArray());
    }

    /** As {@code posted-event.schema.json} says it. */
    byte[] posted(String name, @Nullable String id) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = BodyJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            if (id != null) {
                json.writeStringField("id", id);
            }
            Map<String, AnyValue> rest = new LinkedHashMap<>(attributes);
            rest.remove(UID);
            NAMES.forEach(rest::remove);
            who(json, rest);
            json.writeStringField("name", name);
            long nanos = nanos();
            if (nanos != 0) {
                json.writeStringField(
                        "originalTimestamp",
                        Timestamps.format(Instant.ofEpochSecond(
                                Long.divideUnsigned(nanos, NANOS), Long.remainderUnsigned(nanos, NANOS))));
            }
            AnyValue session = rest.remove(SESSION);
            properties(json, rest);
            context(json, session);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /** When it was, or when it was seen; 0 where nobody says. */
    private long nanos() {
        return log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
    }

    /** Writes whose event it is, and takes what says so from the rest. */
    private void who(JsonGenerator json, Map<String, AnyValue> rest) throws IOException {
        String user = null;
        for (String name : USERS) {
            user = user == null ? said(rest, name) : user;
        }
        String anonymous = said(rest, PSEUDONYM);
        if (user == null && anonymous == null) {
            anonymous = text(rest, SESSION) == null ? text(resource.attributes(), SESSION) : text(rest, SESSION);
        }
        if (user != null) {
            json.writeStringField("userId", user);
        }
        if (anonymous != null) {
            json.writeStringField("anonymousId", anonymous);
        }
    }

    private @Nullable String said(Map<String, AnyValue> rest, String name) {
        String own = text(rest, name);
        if (own != null) {
            rest.remove(name);
            return own;
        }
        return text(resource.attributes(), name);
    }

    /** Members of a body that is an object, and attributes, which go before them; any other body is the property body. */
    private void properties(JsonGenerator json, Map<String, AnyValue> rest) throws IOException {
        Map<String, AnyValue> properties = new LinkedHashMap<>();
        if (log.getBody().getValueCase() == AnyValue.ValueCase.KVLIST_VALUE) {
            properties.putAll(LogJson.byKey(log.getBody().getKvlistValue().getValuesList()));
        } else if (log.getBody().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
            properties.put("body", log.getBody());
        }
        properties.putAll(rest);
        json.writeObjectFieldStart("properties");
        LogJson.members(json, properties);
        json.writeEndObject();
    }

    private void context(JsonGenerator json, @Nullable AnyValue session) throws IOException {
        json.writeObjectFieldStart("context");
        json.writeObjectFieldStart("otel");
        json.writeObjectFieldStart("resource");
        LogJson.members(json, resource.kept());
        json.writeEndObject();
        text(json, "scope", resource.scope());
        text(json, "scopeVersion", resource.scopeVersion());
        text(json, "traceId", HexFormat.of().formatHex(log.getTraceId().toByteArray()));
        text(json, "spanId", HexFormat.of().formatHex(log.getSpanId().toByteArray()));
        text(json, "severity", log.getSeverityText());
        if (log.getSeverityNumberValue() != 0) {
            json.writeNumberField("severityNumber", log.getSeverityNumberValue());
        }
        if (session != null) {
            json.writeFieldName("sessionId");
            LogJson.write(json, session);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    /** A text or a whole number that says something; null where there is none. */
    private static @Nullable String text(Map<String, AnyValue> attributes, String name) {
        AnyValue value = attributes.getOrDefault(name, AnyValue.getDefaultInstance());
        String text = switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            default -> "";
        };
        return text.isBlank() ? null : text;
    }
}
