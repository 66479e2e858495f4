package io.millrace.processor.feature;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The traits of a profile as features look at them. Immutable. */
public final class Traits {
    public static final Traits NONE = new Traits(Map.of());

    private record Value(float number, String text) {}

    private final Map<String, Value> values;

    private Traits(Map<String, Value> values) {
        this.values = values;
    }

    /** Reads the object's own texts, numbers and booleans; what is nested has no value for a feature. */
    public static Traits of(JsonObject json) {
        if (json.isEmpty()) {
            return NONE;
        }
        Map<String, Value> values = new HashMap<>();
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (Json.isText(token)) {
                    values.put(name, new Value(Json.number(parser, token), parser.getText()));
                } else {
                    values.remove(name);
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("traits are no JSON: a JsonObject is made of well-formed JSON", e);
        }
        return new Traits(values);
    }

    /** The trait's number, 1 or 0 for a boolean; NaN where it has none. */
    public float number(String trait) {
        Value value = values.get(trait);
        return value == null ? Float.NaN : value.number();
    }

    /** The trait's text, or its number as it was written; null where there is none. */
    public @Nullable String text(String trait) {
        Value value = values.get(trait);
        return value == null ? null : value.text();
    }
}
