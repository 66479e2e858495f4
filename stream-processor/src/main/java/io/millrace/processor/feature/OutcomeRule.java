package io.millrace.processor.feature;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.model.OutcomeSpec;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's declared outcome, compiled: which events tell it and what they say. Values are read of properties as features
 * read them. The same for training, which knows the future, and for the stream, which waits for it. Immutable.
 */
public final class OutcomeRule {
    private final OutcomeSpec spec;
    private final Set<String> names;
    private final @Nullable String property;

    public OutcomeRule(OutcomeSpec spec) {
        this.spec = spec;
        if (spec instanceof OutcomeSpec.Event event) {
            names = Set.copyOf(event.events());
            property = null;
        } else if (spec instanceof OutcomeSpec.Absence absence) {
            names = Set.copyOf(absence.events());
            property = null;
        } else if (spec instanceof OutcomeSpec.Sum sum) {
            names = Set.copyOf(sum.events());
            property = sum.property();
        } else {
            names = Set.of();
            property = ((OutcomeSpec.Property) spec).property();
        }
    }

    /** How long after an event its outcome may still change, in milliseconds. */
    public long within() {
        return spec.within().toMillis();
    }

    /** Whether the scored event tells its outcome itself; no other event matters then. */
    public boolean isOwn() {
        return spec instanceof OutcomeSpec.Property;
    }

    /** Whether {@link #amount amounts} decide, and only when the time is over. */
    public boolean isSum() {
        return spec instanceof OutcomeSpec.Sum;
    }

    /** Whether every event matters, whatever its name. */
    public boolean isOfAll() {
        return !isOwn() && names.isEmpty();
    }

    /** The names that matter; empty means every event, unless {@link #isOwn}. */
    public Set<String> names() {
        return names;
    }

    /** Whether an event of this name, {@link Observation#name as manifests match it}, matters. */
    public boolean matches(String name) {
        return !isOwn() && (names.isEmpty() || names.contains(name));
    }

    /** What an event that matters says by being there, where no sum is asked for: true for presence, false for absence. */
    public boolean whenSeen() {
        return spec instanceof OutcomeSpec.Event;
    }

    /** The outcome when the time is over and no event decided it. */
    public boolean whenOver(double sum) {
        return spec instanceof OutcomeSpec.Sum asked ? sum > asked.above() : spec instanceof OutcomeSpec.Absence;
    }

    /** What the event adds to the sum: its property's number as a float32, 0 where there is none. */
    public double amount(Event event) {
        Value value = value(event.properties(), property);
        return Float.isNaN(value.number()) ? 0 : value.number();
    }

    /** The outcome that the scored event tells of itself. */
    public boolean own(Event event) {
        String expected = ((OutcomeSpec.Property) spec).equalTo();
        return PropertyFields.NAME.equals(property)
                ? Observation.name(event).equals(expected)
                : expected.equals(value(event.properties(), property).text());
    }

    private record Value(float number, @Nullable String text) {}

    /** Of a name that stands twice, the last holds, as for features. */
    private static Value value(JsonObject properties, @Nullable String wanted) {
        Value value = new Value(Float.NaN, null);
        try (JsonParser parser = Json.parser(properties)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (name.equals(wanted)) {
                    value = new Value(Json.number(parser, token), Json.isText(token) ? parser.getText() : null);
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("properties are no JSON: a JsonObject is made of well-formed JSON", e);
        }
        return value;
    }
}
