package io.millrace.processor.train.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event of a file, as a producer would post it. Its id is the file's own or made from the line's content and number, so
 * that a replay which starts again does not double it.
 *
 * @param line its number in the file, from 1
 * @param body the JSON object to post, with id
 */
public record FileEvent(long line, JsonObject body) implements FileLine {
    static final ObjectMapper JSON = new ObjectMapper();

    public FileEvent {
        Objects.requireNonNull(body, "body");
    }

    /**
     * The event that the door would make of it, had it come in at the moment it happened.
     *
     * @throws IllegalArgumentException if it lacks what an event needs
     */
    public Event event(Source source) {
        try {
            JsonNode node = JSON.readTree(body.array(), body.offset(), body.length());
            Instant time = time(node);
            String kind = text(node, "kind");
            return new Event(
                    new EventId(Objects.requireNonNullElse(text(node, "id"), "")),
                    source,
                    text(node, "userId"),
                    text(node, "anonymousId"),
                    kind == null
                            ? EventKind.TRACK
                            : EventKind.parse(kind)
                                    .orElseThrow(() -> new IllegalArgumentException("kind \"" + kind + "\"")),
                    text(node, "name"),
                    object(node, "properties"),
                    object(node, "traits"),
                    object(node, "context"),
                    new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line + ": " + e.getMessage(), e);
        }
    }

    private static Instant time(JsonNode node) {
        String original = text(node, "originalTimestamp");
        String given = original != null ? original : text(node, "timestamp");
        if (given == null) {
            throw new IllegalArgumentException("no timestamp: an event of a file needs its own time");
        }
        try {
            return OffsetDateTime.parse(given).toInstant().truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("timestamp \"" + given + "\": expected ISO 8601 with an offset", e);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    private static JsonObject object(JsonNode node, String field) throws JsonProcessingException {
        return node.get(field) instanceof ObjectNode object
                ? JsonObject.of(JSON.writeValueAsString(object))
                : JsonObject.EMPTY;
    }
}
