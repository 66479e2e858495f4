package io.millrace.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A schema in words, for the half of a sentence that begins with "expected". */
public final class Expectation {
    private Expectation() {}

    /** What one value must be; nested schemas are named, not told. */
    public static String of(Openapi openapi, JsonNode reference) {
        JsonNode schema = reference.has("$ref")
                ? openapi.at(reference.get("$ref").asText().substring(1)).node()
                : reference;
        if (schema.has("const")) {
            return text(schema.get("const"));
        }
        if (schema.has("enum")) {
            return alternatives(schema.get("enum"));
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            List<String> each = new ArrayList<>();
            type.forEach(one -> each.add(one.asText().equals("null") ? "null" : ofType(one.asText(), schema)));
            return String.join(" or ", each);
        }
        return ofType(type.asText(), schema);
    }

    private static String ofType(String type, JsonNode schema) {
        return switch (type) {
            case "string" -> string(schema);
            case "integer" -> "a whole number" + range(schema, "minimum", "maximum", "");
            case "number" -> "a number" + range(schema, "minimum", "maximum", "");
            case "boolean" -> "true or false";
            case "array" -> "an array" + range(schema, "minItems", "maxItems", " elements");
            case "object" -> "an object" + range(schema, "minProperties", "maxProperties", " fields");
            default -> "a value";
        };
    }

    private static String string(JsonNode schema) {
        return switch (schema.path("format").asText()) {
            case "date-time" -> "a time such as 2026-01-31T12:00:00.000Z (in a query + is written %2B)";
            case "uuid" -> "a UUID";
            default ->
                schema.has("pattern")
                        ? "text that matches " + schema.get("pattern").asText()
                        : "text" + range(schema, "minLength", "maxLength", " characters");
        };
    }

    private static String range(JsonNode schema, String least, String most, String unit) {
        boolean hasLeast = schema.has(least);
        boolean hasMost = schema.has(most);
        String from = schema.path(least).asText();
        String to = schema.path(most).asText();
        if (hasLeast && hasMost) {
            return (unit.isEmpty() ? " from " : " of ") + from + " to " + to + unit;
        } else if (hasLeast) {
            return " of at least " + from + unit;
        }
        return hasMost ? " of at most " + to + unit : "";
    }

    private static String alternatives(JsonNode values) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            list.append(i == 0 ? "" : i == values.size() - 1 ? " or " : ", ").append(text(values.get(i)));
        }
        return list.toString();
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }
}
