package io.millrace.processor.feature;

import io.millrace.json.JsonObject;
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
        JsonFields fields = new JsonFields(json);
        while (fields.next()) {
            String text = fields.text();
            if (text == null) {
                values.remove(fields.name());
            } else {
                values.put(fields.name(), new Value(fields.number(), text));
            }
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
