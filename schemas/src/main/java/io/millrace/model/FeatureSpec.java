package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One declared feature: what to compute from a user's events and profile for the event being scored. A manifest lists
 * them; nobody writes code for one.
 *
 * <p>Windows end at the event being scored and include it. An empty {@code events} means every event. Event names match
 * a track event's name, or {@code $identify}, {@code $page}, {@code $screen}, {@code $group}, {@code $alias} for the
 * other kinds. Every value is a float32 after its {@link Transform}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FeatureSpec.Count.class, name = "count"),
    @JsonSubTypes.Type(value = FeatureSpec.Aggregate.class, name = "aggregate"),
    @JsonSubTypes.Type(value = FeatureSpec.Distinct.class, name = "distinct"),
    @JsonSubTypes.Type(value = FeatureSpec.Recency.class, name = "recency"),
    @JsonSubTypes.Type(value = FeatureSpec.Gap.class, name = "gap"),
    @JsonSubTypes.Type(value = FeatureSpec.Ratio.class, name = "ratio"),
    @JsonSubTypes.Type(value = FeatureSpec.Property.class, name = "property"),
    @JsonSubTypes.Type(value = FeatureSpec.Trait.class, name = "trait"),
    @JsonSubTypes.Type(value = FeatureSpec.Cyclic.class, name = "cyclic"),
    @JsonSubTypes.Type(value = FeatureSpec.Vector.class, name = "vector"),
})
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public sealed interface FeatureSpec {
    Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    Duration LONGEST_WINDOW = Duration.ofDays(366);
    int WIDEST_VECTOR = 4096;

    /** Unique in its model. */
    String name();

    /** How many values the feature takes in the tensor. */
    default int width() {
        return 1;
    }

    /** How many of the events there were in the window. */
    record Count(
            String name,
            List<String> events,
            Duration window,
            @Nullable Transform transform,
            @Nullable String unit) implements FeatureSpec {
        public Count {
            named(name);
            events = copy(events);
            windowed(name, window);
        }
    }

    /** Sum, mean, least or greatest of a numeric property over the window; {@code absent} where no event had it. */
    record Aggregate(
            String name,
            Function function,
            String property,
            List<String> events,
            Duration window,
            double absent,
            @Nullable Transform transform,
            @Nullable String unit)
            implements FeatureSpec {
        /** Which aggregate. */
        public enum Function {
            @com.fasterxml.jackson.annotation.JsonProperty("sum")
            SUM,
            @com.fasterxml.jackson.annotation.JsonProperty("mean")
            MEAN,
            @com.fasterxml.jackson.annotation.JsonProperty("min")
            MIN,
            @com.fasterxml.jackson.annotation.JsonProperty("max")
            MAX
        }

        public Aggregate {
            named(name);
            Objects.requireNonNull(function, name + ".function");
            Objects.requireNonNull(property, name + ".property");
            events = copy(events);
            windowed(name, window);
        }
    }

    /** About how many different values of a property there were in the window; exact while they are few. */
    record Distinct(
            String name,
            String property,
            List<String> events,
            Duration window,
            @Nullable Transform transform,
            @Nullable String unit)
            implements FeatureSpec {
        public Distinct {
            named(name);
            Objects.requireNonNull(property, name + ".property");
            events = copy(events);
            windowed(name, window);
        }
    }

    /** Seconds since the last of the events before this one; {@code horizon} where it is longer ago or never was. */
    record Recency(
            String name,
            List<String> events,
            Duration horizon,
            @Nullable Transform transform,
            @Nullable String unit) implements FeatureSpec {
        public Recency {
            named(name);
            events = copy(events);
            windowed(name, horizon);
        }
    }

    /** Mean seconds between consecutive such events in the window; {@code absent} where there are fewer than two. */
    record Gap(
            String name,
            List<String> events,
            Duration window,
            double absent,
            @Nullable Transform transform,
            @Nullable String unit)
            implements FeatureSpec {
        public Gap {
            named(name);
            events = copy(events);
            windowed(name, window);
        }
    }

    /** One feature over another of the same model, both before their transforms; {@code absent} where it is 0. */
    record Ratio(
            String name,
            String numerator,
            String denominator,
            double absent,
            @Nullable Transform transform) implements FeatureSpec {
        public Ratio {
            named(name);
            Objects.requireNonNull(numerator, name + ".numerator");
            Objects.requireNonNull(denominator, name + ".denominator");
        }
    }

    /**
     * A property of the event being scored: its number, or 1 where it equals a text and 0 where not ({@code equals}).
     * The property {@code $name} is the event's name as {@code events} would match it.
     */
    record Property(
            String name,
            String property,

            @com.fasterxml.jackson.annotation.JsonProperty("equals") @Nullable
            String equalTo,

            double absent,
            @Nullable Transform transform,
            @Nullable String unit)
            implements FeatureSpec {
        public Property {
            named(name);
            Objects.requireNonNull(property, name + ".property");
        }
    }

    /** A trait of the user's profile: its number, or 1 where it equals a text and 0 where not. */
    record Trait(
            String name,
            String trait,

            @com.fasterxml.jackson.annotation.JsonProperty("equals") @Nullable
            String equalTo,

            double absent,
            @Nullable Transform transform,
            @Nullable String unit)
            implements FeatureSpec {
        public Trait {
            named(name);
            Objects.requireNonNull(trait, name + ".trait");
        }
    }

    /** The event time's place in the day or the week (UTC) on the unit circle: two features, sine and cosine, make one. */
    record Cyclic(String name, Cycle cycle, Part part) implements FeatureSpec {
        /** What comes round. */
        public enum Cycle {
            @com.fasterxml.jackson.annotation.JsonProperty("day")
            DAY,
            @com.fasterxml.jackson.annotation.JsonProperty("week")
            WEEK
        }

        /** Which coordinate. */
        public enum Part {
            @com.fasterxml.jackson.annotation.JsonProperty("sin")
            SIN,
            @com.fasterxml.jackson.annotation.JsonProperty("cos")
            COS
        }

        public Cyclic {
            named(name);
            Objects.requireNonNull(cycle, name + ".cycle");
            Objects.requireNonNull(part, name + ".part");
        }
    }

    /** A numeric array in the event's properties, such as an embedding; an event without it, or of another size, is refused. */
    record Vector(String name, String property, int size) implements FeatureSpec {
        public Vector {
            named(name);
            Objects.requireNonNull(property, name + ".property");
            if (size < 1 || size > WIDEST_VECTOR) {
                throw new IllegalArgumentException(name + ".size " + size + ": expected 1 to " + WIDEST_VECTOR);
            }
        }

        @Override
        public int width() {
            return size;
        }
    }

    private static void named(String name) {
        if (name == null || !name.matches("[A-Za-z_][A-Za-z0-9_.]{0,63}")) {
            throw new IllegalArgumentException(
                    "feature name \"" + name + "\": expected a letter, then up to 63 letters, digits, _ and .");
        }
    }

    private static List<String> copy(@Nullable List<String> events) {
        return events == null ? List.of() : List.copyOf(events);
    }

    private static void windowed(String name, Duration window) {
        Objects.requireNonNull(window, name + ".window");
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    name + ".window " + window + ": expected " + SHORTEST_WINDOW + " to " + LONGEST_WINDOW);
        }
    }
}
