package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events on user-events, as json/event.schema.json says. Decoding runs once for every event in the processor and is the
 * hottest code here: one pass of Jackson's streaming parser, no tree; properties, traits and context stay slices of the input.
 */
public final class EventCodec {
    private static final byte[] ID = name("{\"id\"");
    private static final byte[] SOURCE = name(",\"source\"");
    private static final byte[] USER_ID = name(",\"userId\"");
    private static final byte[] ANONYMOUS_ID = name(",\"anonymousId\"");
    private static final byte[] KIND = name(",\"kind\"");
    private static final byte[] NAME = name(",\"name\"");
    private static final byte[] PROPERTIES = name(",\"properties\"");
    private static final byte[] TRAITS = name(",\"traits\"");
    private static final byte[] CONTEXT = name(",\"context\"");
    private static final byte[] ORIGINAL = name(",\"originalTimestamp\"");
    private static final byte[] SENT = name(",\"sentAt\"");
    private static final byte[] RECEIVED = name(",\"receivedAt\"");
    private static final byte[] TIMESTAMP = name(",\"timestamp\"");
    private static final byte[] BASIS = name(",\"timestampBasis\"");

    /** Braces, names, times, and a usual id, source and user id; what is longer makes the array grow. */
    private static final int USUAL_LENGTH = 512;

    private EventCodec() {}

    public static byte[] encode(Event event) {
        JsonObject properties = event.properties();
        JsonObject traits = event.traits();
        JsonObject context = event.context();
        EventTimes times = event.times();
        JsonWriter json = new JsonWriter(USUAL_LENGTH + properties.length() + traits.length() + context.length());
        json.text(ID, event.id().value());
        json.text(SOURCE, event.source().name());
        json.optional(USER_ID, event.userId());
        json.optional(ANONYMOUS_ID, event.anonymousId());
        json.text(KIND, event.kind().text());
        json.optional(NAME, event.name());
        optional(json, PROPERTIES, properties);
        optional(json, TRAITS, traits);
        optional(json, CONTEXT, context);
        optional(json, ORIGINAL, times.original());
        optional(json, SENT, times.sent());
        json.instant(RECEIVED, times.received());
        json.instant(TIMESTAMP, times.event());
        json.text(BASIS, text(times.basis()));
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * Reads an event. The event keeps the array: nobody may write to it after.
     *
     * @throws DecodeException if the bytes are no event
     */
    public static Event decode(byte[] bytes) throws DecodeException {
        Fields fields = new Fields();
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                fields.read(field, reader);
            }
            reader.end();
            return fields.event();
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static void optional(JsonWriter json, byte[] name, JsonObject value) {
        if (!value.isEmpty()) {
            json.object(name, value);
        }
    }

    private static void optional(JsonWriter json, byte[] name, @Nullable Instant value) {
        if (value != null) {
            json.instant(name, value);
        }
    }

    private static String text(EventTimes.Basis basis) {
        return switch (basis) {
            case RECEIVED -> "received";
            case PRODUCER -> "producer";
            case CORRECTED -> "corrected";
        };
    }

    private static EventTimes.Basis basis(String text) throws DecodeException {
        return switch (text) {
            case "received" -> EventTimes.Basis.RECEIVED;
            case "producer" -> EventTimes.Basis.PRODUCER;
            case "corrected" -> EventTimes.Basis.CORRECTED;
            default ->
                throw new DecodeException(
                        Reason.UNDECODABLE,
                        "timestampBasis \"" + text + "\": expected received, producer or corrected");
        };
    }

    private static EventKind kind(String text) throws DecodeException {
        return EventKind.parse(text)
                .orElseThrow(() -> new DecodeException(
                        Reason.UNKNOWN_KIND,
                        "kind \"" + text + "\": expected track, identify, page, screen, group, alias or erase"));
    }

    /** What was read so far. */
    private static final class Fields {
        private @Nullable String id;
        private @Nullable String source;
        private @Nullable String userId;
        private @Nullable String anonymousId;
        private @Nullable String kind;
        private @Nullable String name;
        private JsonObject properties = JsonObject.EMPTY;
        private JsonObject traits = JsonObject.EMPTY;
        private JsonObject context = JsonObject.EMPTY;
        private @Nullable Instant original;
        private @Nullable Instant sent;
        private @Nullable Instant received;
        private @Nullable Instant timestamp;
        private @Nullable String basis;

        void read(String field, RecordReader reader) throws IOException, DecodeException {
            switch (field) {
                case "id" -> id = reader.text(field, EventId.MAX_LENGTH);
                case "source" -> source = reader.text(field);
                case "userId" -> userId = reader.text(field, UserKey.MAX_ID_LENGTH);
                case "anonymousId" -> anonymousId = reader.text(field, UserKey.MAX_ID_LENGTH);
                case "kind" -> kind = reader.text(field);
                case "name" -> name = reader.text(field, Event.MAX_NAME_LENGTH);
                case "properties" -> properties = reader.object(field);
                case "traits" -> traits = reader.object(field);
                case "context" -> context = reader.object(field);
                case "originalTimestamp" -> original = reader.instant(field);
                case "sentAt" -> sent = reader.instant(field);
                case "receivedAt" -> received = reader.instant(field);
                case "timestamp" -> timestamp = reader.instant(field);
                case "timestampBasis" -> basis = reader.text(field);
                default -> reader.skip();
            }
        }

        Event event() throws DecodeException {
            EventTimes times = new EventTimes(
                    original,
                    sent,
                    required(received, "receivedAt"),
                    required(timestamp, "timestamp"),
                    basis(required(basis, "timestampBasis")));
            EventKind known = kind(required(kind, "kind"));
            if (userId == null && anonymousId == null) {
                throw new DecodeException(Reason.MISSING_FIELD, "userId and anonymousId are missing: expected one");
            }
            if (known == EventKind.TRACK) {
                required(name, "name");
            }
            return new Event(
                    new EventId(required(id, "id")),
                    new Source(required(source, "source")),
                    userId,
                    anonymousId,
                    known,
                    name,
                    properties,
                    traits,
                    context,
                    times);
        }
    }
}
