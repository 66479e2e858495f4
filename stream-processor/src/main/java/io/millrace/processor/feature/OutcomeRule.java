package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.model.OutcomeSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's declared outcome, compiled: which events tell it, what they say, and when it is over. Values are read of
 * properties as features read them. The one code for training, which knows the future and folds it with {@link #after} at
 * once, and for the stream, which does so event by event as they come. Immutable.
 */
public final class OutcomeRule {
    /** What the events so far tell of one scored event. */
    public sealed interface Told {}

    /**
     * They do not decide it.
     *
     * @param sum of the amounts so far, where they are summed
     */
    public record Open(double sum) implements Told {
        public static final Open NOTHING = new Open(0);
    }

    /** They decide it, whatever comes. */
    public record Known(boolean positive) implements Told {}

    private static final Known TRUE = new Known(true);
    private static final Known FALSE = new Known(false);

    private final OutcomeSpec spec;
    private final long within;
    private final Set<String> names;
    private final @Nullable String property;
    private final JsonFields.@Nullable Name wanted;

    public OutcomeRule(OutcomeSpec spec) {
        this.spec = spec;
        this.within = spec.within().toMillis();
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
        wanted = property == null ? null : new JsonFields.Name(property);
    }

    /** How long after an event its outcome may still change, in milliseconds. */
    public long within() {
        return within;
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

    /**
     * What is told after one more event whose name {@link #matches}. It tells nothing unless it is strictly later than the
     * scored one, and at most {@link #within} later.
     *
     * @param scored time of the scored event
     * @param time of the event that tells
     * @param amount its {@link #amount}
     */
    public Told after(Open before, long scored, long time, double amount) {
        if (time <= scored || time - scored > within) {
            return before;
        }
        if (isSum()) {
            return new Open(before.sum() + amount);
        }
        return spec instanceof OutcomeSpec.Event ? TRUE : FALSE;
    }

    /**
     * Whether no event can tell any more.
     *
     * @param complete the time up to which, itself included, all events have come
     */
    public boolean isOver(long scored, long complete) {
        return complete >= scored + within;
    }

    /** The outcome when it {@link #isOver is over} and no event decided it. */
    public boolean whenOver(Open told) {
        return spec instanceof OutcomeSpec.Sum asked ? told.sum() > asked.above() : spec instanceof OutcomeSpec.Absence;
    }

    /** What the event adds to the sum: its property's number as a float32; 0 where there is none, or nothing is summed. */
    public double amount(Event event) {
        if (!isSum()) {
            return 0;
        }
        Value value = value(event.properties());
        return Float.isNaN(value.number()) ? 0 : value.number();
    }

    /** The outcome that the scored event tells of itself. */
    public boolean own(Event event) {
        String expected = ((OutcomeSpec.Property) spec).equalTo();
        return PropertyFields.NAME.equals(property)
                ? Observation.name(event).equals(expected)
                : expected.equals(value(event.properties()).text());
    }

    private record Value(float number, @Nullable String text) {}

    /** Of a name that stands twice, the last holds, as for features. */
    private Value value(JsonObject properties) {
        Value value = new Value(Float.NaN, null);
        JsonFields json = new JsonFields(properties);
        while (json.next()) {
            if (wanted != null && json.isNamed(wanted)) {
                value = new Value(json.number(), json.text());
            }
        }
        return value;
    }
}
