package io.millrace.ingest.receive.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.contract.Expectation;
import io.millrace.contract.Openapi;
import io.millrace.contract.SchemaRule;
import io.millrace.ingest.outcome.Refusal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One parameter of an operation: its text is read as what the schema says it is, then checked. Thread-safe. */
final class ParameterRule {
    /** Numbers as JSON writes them: Java would take 1f, 0x1p3 and NaN too. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

    private final String name;
    private final boolean required;
    private final boolean isList;
    private final boolean isSeparated;
    private final String type;
    private final boolean isFloat;
    private final SchemaRule rule;
    private final String expected;

    ParameterRule(Openapi openapi, Openapi.Place parameter) {
        name = parameter.node().path("name").asText();
        required = parameter.node().path("required").asBoolean();
        Openapi.Place schema = openapi.at(parameter, "schema");
        isList = schema.node().path("type").asText().equals("array");
        // Queries repeat a name for each element unless the contract says otherwise.
        isSeparated = isList && !parameter.node().path("explode").asBoolean(true);
        Openapi.Place element = isList ? openapi.at(schema, "items") : schema;
        type = element.node().path("type").asText();
        isFloat = element.node().path("format").asText().equals("float");
        rule = openapi.schema(element);
        expected = Expectation.of(openapi, element.node());
    }

    String name() {
        return name;
    }

    /** What is wrong with what was given, as one sentence. */
    Optional<String> complaint(List<String> given) {
        List<String> values = given;
        if (isSeparated) {
            values = new ArrayList<>();
            for (String value : given) {
                values.addAll(List.of(value.split(",", -1)));
            }
        }
        if (values.isEmpty()) {
            return required ? Optional.of(name + ": given none, expected " + expected) : Optional.empty();
        }
        if (values.size() > 1 && !isList) {
            return Optional.of(name + ": given " + values.size() + " times, expected once");
        }
        for (String value : values) {
            if (!Text.isWhole(value)) {
                return Optional.of(sentence(value, Text.EXPECTED));
            }
            JsonNode node = node(value);
            if (node == null || !rule.check(node).isEmpty()) {
                return Optional.of(sentence(value, expected));
            }
        }
        return Optional.empty();
    }

    private String sentence(String value, String wanted) {
        return name + ": given " + (value.isEmpty() ? "nothing" : '"' + Refusal.shorten(value) + '"') + ", expected "
                + wanted;
    }

    /** Null where it is none of its type. */
    private @Nullable JsonNode node(String value) {
        return switch (type) {
            case "integer" -> INTEGER.matcher(value).matches() ? BigIntegerNode.valueOf(new BigInteger(value)) : null;
            case "number" -> number(value);
            case "boolean" ->
                value.equals("true") || value.equals("false") ? BooleanNode.valueOf(value.equals("true")) : null;
            default -> TextNode.valueOf(value);
        };
    }

    private @Nullable JsonNode number(String value) {
        if (!NUMBER.matcher(value).matches()) {
            return null;
        }
        double number = Double.parseDouble(value);
        return Double.isInfinite(isFloat ? (float) number : number) ? null : DoubleNode.valueOf(number);
    }
}
