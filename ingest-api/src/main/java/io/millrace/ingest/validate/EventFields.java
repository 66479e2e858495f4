package io.millrace.ingest.validate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.codec.Timestamps;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One posted event while it is read: the parser stands at its opening brace, {@link #read} leaves it at the closing one,
 * whatever is wrong with the fields. The first thing that is wrong is the one that is told.
 */
final class EventFields {
    static final int MAX_NAME_LENGTH = 256;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private final ValidationLimits limits;
    /** Of the body that the parser reads. */
    private final byte[] bytes;
    /** Where the parser's offset 0 lies in {@link #bytes}. */
    private final int base;

    private int depth;
    private int seen;
    private @Nullable Refusal refusal;

    private @Nullable String id;
    private @Nullable String userId;
    private @Nullable String anonymousId;
    private @Nullable String kind;
    private @Nullable String name;
    private JsonObject properties = JsonObject.EMPTY;
    private JsonObject traits = JsonObject.EMPTY;
    private JsonObject context = JsonObject.EMPTY;
    private @Nullable Instant originalTimestamp;
    private @Nullable Instant timestamp;
    private @Nullable Instant sentAt;

    EventFields(ValidationLimits limits, byte[] bytes, int base) {
        this.limits = limits;
        this.bytes = bytes;
        this.base = base;
    }

    @Nullable
    String id() {
        return id;
    }

    @Nullable
    Refusal refusal() {
        return refusal;
    }

    void read(JsonParser json) throws IOException {
        depth = 1;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (field) {
                case "id" -> id = text(json, value, 0, field, EventId.MAX_LENGTH);
                case "userId" -> userId = text(json, value, 1, field, UserKey.MAX_ID_LENGTH);
                case "anonymousId" -> anonymousId = text(json, value, 2, field, UserKey.MAX_ID_LENGTH);
                case "kind" -> kind = text(json, value, 3, field, Integer.MAX_VALUE);
                case "name" -> name = text(json, value, 4, field, MAX_NAME_LENGTH);
                case "properties" -> properties = object(json, value, 5, field);
                case "traits" -> traits = object(json, value, 6, field);
                case "context" -> context = object(json, value, 7, field);
                case "originalTimestamp" -> originalTimestamp = instant(json, value, 8, field);
                case "timestamp" -> timestamp = instant(json, value, 9, field);
                case "sentAt" -> sentAt = instant(json, value, 10, field);
                default -> skip(json, value);
            }
        }
    }

    /** The event; null where something is missing or was refused before, then {@link #refusal} says what. */
    @Nullable
    Event event(Source source, Instant received) {
        EventKind known = knownKind();
        if (userId == null && anonymousId == null) {
            refuse(Reason.MISSING_FIELD, "userId", "neither it nor anonymousId", "one of them");
        }
        if (known == EventKind.TRACK && name == null) {
            refuse(Reason.MISSING_FIELD, "name", "none", "what happened, as a track event has a name");
        }
        within("originalTimestamp", originalTimestamp, received);
        within("timestamp", timestamp, received);
        within("sentAt", sentAt, received);
        EventTimes times =
                EventClock.decide(originalTimestamp != null ? originalTimestamp : timestamp, sentAt, received);
        within("the corrected time", times.event(), received);
        if (refusal != null || known == null) {
            return null;
        }
        return new Event(
                id != null ? new EventId(id) : EventIds.make(received),
                source,
                userId,
                anonymousId,
                known,
                name,
                properties,
                traits,
                context,
                times);
    }

    private @Nullable EventKind knownKind() {
        if (kind == null) {
            return EventKind.TRACK;
        }
        EventKind known = EventKind.parse(kind).orElse(null);
        if (known == null || known == EventKind.ERASE) {
            refuse(Reason.UNKNOWN_KIND, "kind", quoted(kind), "track, identify, page, screen, group or alias");
            return null;
        }
        return known;
    }

    private void within(String field, @Nullable Instant time, Instant received) {
        if (time != null && (time.isBefore(EARLIEST) || time.isAfter(received.plus(limits.future())))) {
            refuse(
                    Reason.TIMESTAMP_OUT_OF_RANGE,
                    field,
                    time.toString(),
                    "a time from 2000-01-01 to " + limits.future().toHours() + " h after the time of receipt");
        }
    }

    /** What no person can tell from nothing. The first character settles it for all but the odd one. */
    private static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String text(JsonParser json, JsonToken value, int position, String field, int longest)
            throws IOException {
        once(position, field);
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.VALUE_STRING) {
            wrongType(json, value, field, "a text");
            return null;
        }
        String text = json.getText();
        if (isBlank(text)) {
            refuse(
                    Reason.EMPTY_TEXT,
                    field,
                    text.isEmpty() ? "an empty text" : "nothing but spaces",
                    "at least one character that is no space, or no such field");
            return null;
        }
        if (text.length() > longest) {
            refuse(Reason.TOO_LONG, field, text.length() + " characters", "at most " + longest);
            return null;
        }
        return text;
    }

    private @Nullable Instant instant(JsonParser json, JsonToken value, int position, String field) throws IOException {
        String text = text(json, value, position, field, Integer.MAX_VALUE);
        if (text == null) {
            return null;
        }
        try {
            return Timestamps.parse(text);
        } catch (DateTimeParseException e) {
            refuse(
                    Reason.INVALID_TIMESTAMP,
                    field,
                    quoted(text),
                    "ISO 8601 with an offset, such as 2026-01-31T12:00:00.000Z");
            return null;
        }
    }

    private JsonObject object(JsonParser json, JsonToken value, int position, String field) throws IOException {
        once(position, field);
        if (value == JsonToken.VALUE_NULL) {
            return JsonObject.EMPTY;
        }
        if (value != JsonToken.START_OBJECT) {
            wrongType(json, value, field, "an object");
            return JsonObject.EMPTY;
        }
        int from = position(json);
        skip(json, value);
        return JsonObject.of(bytes, from, position(json) + 1 - from);
    }

    /** Where the current token begins in {@link #bytes}. */
    private int position(JsonParser json) {
        return base + (int) json.currentTokenLocation().getByteOffset();
    }

    /** Reads to the end of the value, looking only at its depth. */
    private void skip(JsonParser json, JsonToken value) throws IOException {
        int outside = depth;
        for (JsonToken token = value; ; token = json.nextToken()) {
            if (token.isStructStart()) {
                if (++depth > limits.nesting()) {
                    refuse(Reason.TOO_DEEP, "the event", "over " + limits.nesting() + " levels", "at most that");
                }
            } else if (token.isStructEnd()) {
                depth--;
            }
            if (depth == outside) {
                return;
            }
        }
    }

    private void wrongType(JsonParser json, JsonToken value, String field, String expected) throws IOException {
        refuse(Reason.WRONG_TYPE, field, JsonTypes.describe(json, value), expected);
        skip(json, value);
    }

    private void once(int position, String field) {
        if ((seen & (1 << position)) != 0) {
            refuse(Reason.DUPLICATE_FIELD, field, "it twice", "it once");
        }
        seen |= 1 << position;
    }

    private void refuse(Reason reason, String what, String given, String expected) {
        if (refusal == null) {
            refusal = Refusal.of(reason, what, given, expected);
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
