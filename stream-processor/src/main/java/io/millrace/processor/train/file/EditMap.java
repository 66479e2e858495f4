package io.millrace.processor.train.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Makes events of Wikipedia edits as Apache Druid's sample has them. The editor is the user, one without an account by
 * address; comments, which often name the program that wrote them, do not come along.
 */
final class EditMap {
    private static final List<String> TEXTS = List.of("page", "channel", "namespace", "countryIsoCode");
    private static final List<String> FLAGS = List.of("isMinor", "isNew", "isUnpatrolled", "isAnonymous", "isRobot");
    private static final List<String> NUMBERS = List.of("delta", "added", "deleted");

    private EditMap() {}

    /**
     * The event of an edit, without its id.
     *
     * @throws IllegalArgumentException if it lacks its time, user or one of the flags
     * @throws java.time.DateTimeException if its time is none
     */
    static ObjectNode body(ObjectNode edit) {
        boolean anonymous = needed(edit, "isAnonymous").asBoolean();
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put(anonymous ? "anonymousId" : "userId", needed(edit, "user").asText())
                .put("name", "page_edited")
                .put(
                        "timestamp",
                        DateTimeFormatter.ISO_INSTANT.format(
                                OffsetDateTime.parse(needed(edit, "time").asText())));
        ObjectNode properties = event.putObject("properties");
        TEXTS.stream().filter(edit::hasNonNull).forEach(name -> properties.set(name, edit.get(name)));
        FLAGS.forEach(name -> properties.set(name, needed(edit, name)));
        NUMBERS.stream().filter(edit::hasNonNull).forEach(name -> properties.set(name, edit.get(name)));
        return event;
    }

    private static JsonNode needed(ObjectNode edit, String field) {
        JsonNode value = edit.get(field);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value;
    }
}
