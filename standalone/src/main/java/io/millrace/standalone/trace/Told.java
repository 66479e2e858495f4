package io.millrace.standalone.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * One line of a log, or one prediction: what was told of an event.
 *
 * @param at when
 * @param service which process
 * @param trace its trace id; empty for none
 * @param event the event id it names; empty for none
 * @param line the whole of it, with the seven keys of a line
 */
public record Told(Instant at, String service, String trace, String event, JsonNode line) {
    /** Reads a line of the log; empty where it is something else. */
    static Optional<Told> of(JsonNode line) {
        if (!line.path("timestamp").isTextual() || !line.path("context").isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Told(
                    Instant.parse(line.path("timestamp").asText()),
                    line.path("service").asText(),
                    line.path("trace_id").isTextual() ? line.path("trace_id").asText() : "",
                    line.path("context").path("event_id").asText(""),
                    line));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    boolean concerns(String id) {
        return trace.equals(id) || event.equals(id);
    }
}
