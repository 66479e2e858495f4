package io.millrace.processor.train.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes events of rows or objects of a form of their own, by what {@link Columns} says. A cell that is a number as JSON
 * writes them is one, and a whole one stays whole; another is a text; one that is empty is left out. Objects in objects are
 * flattened, their fields named {@code outer.inner}.
 */
final class ColumnMap {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d{1,3})?");

    private final Columns columns;

    ColumnMap(Columns columns) {
        this.columns = columns;
    }

    /**
     * The event of a row, without its id.
     *
     * @throws IllegalArgumentException if it has not as many values as the header, or no user
     * @throws java.time.DateTimeException if its time is none
     */
    ObjectNode ofRow(List<String> header, List<String> values) {
        if (values.size() != header.size()) {
            throw new IllegalArgumentException(values.size() + " columns, expected " + header.size());
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String text = values.get(i).strip();
            if (!text.isEmpty()) {
                fields.put(header.get(i), columns.has(header.get(i)) ? NODES.textNode(text) : value(text));
            }
        }
        return event(fields);
    }

    /**
     * The event of an object, without its id.
     *
     * @throws IllegalArgumentException if it has no user
     * @throws java.time.DateTimeException if its time is none
     */
    ObjectNode ofObject(ObjectNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        flatten("", object, fields);
        return event(fields);
    }

    /** A cell's value. */
    static JsonNode value(String text) {
        return NUMBER.matcher(text).matches() ? NODES.numberNode(new BigDecimal(text)) : NODES.textNode(text);
    }

    private static void flatten(String prefix, ObjectNode object, Map<String, JsonNode> fields) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = prefix + field.getKey();
            if (field.getValue() instanceof ObjectNode inner) {
                flatten(name + ".", inner, fields);
            } else if (!field.getValue().isNull()) {
                fields.put(name, field.getValue());
            }
        }
    }

    private ObjectNode event(Map<String, JsonNode> fields) {
        List<String> missing = new ArrayList<>(columns.needed());
        missing.removeIf(column -> !text(fields, column).isEmpty());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no " + String.join(", no ", missing));
        }
        ObjectNode event = NODES.objectNode()
                .put("userId", text(fields, columns.user()))
                .put("name", columns.name() == null ? Columns.UNNAMED : text(fields, columns.name()))
                .put("timestamp", DateTimeFormatter.ISO_INSTANT.format(columns.instant(text(fields, columns.time()))));
        ObjectNode properties = event.putObject("properties");
        fields.forEach((name, value) -> {
            if (!columns.has(name)) {
                properties.set(name, value);
            }
        });
        return event;
    }

    private static String text(Map<String, JsonNode> fields, String column) {
        JsonNode value = fields.get(column);
        return value == null ? "" : value.asText().strip();
    }
}
