package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the same stream tells, later, whether a model's label was true of an event: what training learns to foresee and what
 * predictions are measured by once they are old enough. Event names are as in {@link FeatureSpec}; an empty {@code events}
 * means every event.
 *
 * <p>"Later" is strictly later than the event being scored, by event time, and at most {@code within} later: an event of
 * the same millisecond is no outcome, it may have caused the one that is scored.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OutcomeSpec.Event.class, name = "event"),
    @JsonSubTypes.Type(value = OutcomeSpec.Absence.class, name = "absence"),
    @JsonSubTypes.Type(value = OutcomeSpec.Sum.class, name = "sum"),
    @JsonSubTypes.Type(value = OutcomeSpec.Property.class, name = "property"),
})
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public sealed interface OutcomeSpec {
    Duration LONGEST = Duration.ofDays(90);

    /** How long after an event its outcome may still change; zero where the event tells it itself. */
    Duration within();

    /** True where the user does one of the events within the time: "order_completed within 30 min". */
    record Event(List<String> events, Duration within) implements OutcomeSpec {
        public Event {
            events = copy(events);
            bounded(within);
        }
    }

    /** True where the user does none of the events for so long: "no event for 14 days". Known when the time is over. */
    record Absence(List<String> events, Duration within) implements OutcomeSpec {
        public Absence {
            events = copy(events);
            bounded(within);
        }
    }

    /** True where a numeric property's sum over the events exceeds a number: "sum(total) over 7 d > 100". */
    record Sum(String property, List<String> events, Duration within, double above) implements OutcomeSpec {
        public Sum {
            Objects.requireNonNull(property, "outcome.property");
            events = copy(events);
            bounded(within);
            if (!Double.isFinite(above)) {
                throw new IllegalArgumentException("outcome.above " + above + ": expected a finite number");
            }
        }
    }

    /** True where the scored event's own property equals a text; no input may read that property. Known at once. */
    record Property(String property, @JsonProperty("equals") String equalTo) implements OutcomeSpec {
        public Property {
            Objects.requireNonNull(property, "outcome.property");
            Objects.requireNonNull(equalTo, "outcome.equals");
        }

        @Override
        public Duration within() {
            return Duration.ZERO;
        }
    }

    private static List<String> copy(@Nullable List<String> events) {
        return events == null ? List.of() : List.copyOf(events);
    }

    private static void bounded(Duration within) {
        Objects.requireNonNull(within, "outcome.within");
        if (within.compareTo(FeatureSpec.SHORTEST_WINDOW) < 0 || within.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "outcome.within " + within + ": expected " + FeatureSpec.SHORTEST_WINDOW + " to " + LONGEST);
        }
    }
}
