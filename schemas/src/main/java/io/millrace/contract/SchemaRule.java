package io.millrace.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A schema of openapi.yaml, compiled; formats such as date-time are checked too. Thread-safe. */
public final class SchemaRule {
    /**
     * Where a document is not what its schema says.
     *
     * @param where the place in the document, such as {@code features/price}; empty for the whole
     * @param given what stands there, as JSON; "none" where nothing does. As long as it came
     * @param expected what the schema wants, in words
     */
    public record Complaint(String where, String given, String expected) {
        @Override
        public String toString() {
            return (where.isEmpty() ? "the whole" : where) + ": given " + given + ", expected " + expected;
        }
    }

    private final Openapi openapi;
    private final Schema schema;

    SchemaRule(Openapi openapi, Schema schema) {
        this.openapi = openapi;
        this.schema = schema;
        schema.initializeValidators();
    }

    /** All there is to complain about, in the schema's order. */
    public List<Complaint> check(JsonNode document) {
        List<Complaint> complaints = new ArrayList<>();
        for (Error error : schema.validate(
                document, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))) {
            complaints.add(complaint(error));
        }
        return complaints;
    }

    private Complaint complaint(Error error) {
        String where = error.getInstanceLocation().toString().replaceFirst("^/", "");
        String keyword = Objects.requireNonNullElse(error.getKeyword(), "");
        String given = String.valueOf(error.getInstanceNode());
        JsonNode owner = owner(error);
        String named = where.isEmpty() ? "" : where + "/";
        return switch (keyword) {
            case "required" -> {
                String missing = String.valueOf(error.getProperty());
                yield new Complaint(
                        named + missing,
                        "none",
                        Expectation.of(openapi, owner.path("properties").path(missing)));
            }
            case "additionalProperties", "unevaluatedProperties" -> {
                List<String> known = new ArrayList<>();
                owner.path("properties").fieldNames().forEachRemaining(known::add);
                yield new Complaint(
                        named + error.getProperty(),
                        "it",
                        known.isEmpty() ? "no such field" : "only " + String.join(", ", known));
            }
            case "type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength" ->
                new Complaint(where, given, Expectation.of(openapi, owner));
            case "pattern", "format", "enum", "const", "minItems", "maxItems", "minProperties", "maxProperties" ->
                new Complaint(where, given, Expectation.of(openapi, owner));
            default -> new Complaint(where, given, Objects.requireNonNullElse(error.getMessage(), keyword));
        };
    }

    /** The schema in which the keyword stands that was not met. */
    private JsonNode owner(Error error) {
        String pointer = error.getSchemaLocation().getFragment().toString();
        int slash = pointer.lastIndexOf('/');
        return openapi.at(slash <= 0 ? "" : pointer.substring(0, slash)).node();
    }
}
