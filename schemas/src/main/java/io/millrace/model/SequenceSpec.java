package io.millrace.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The user's last events as a sequence, the one being scored last.
 *
 * @param length how many events at most, 1 to 200; fewer are padded with zeros in front
 * @param events which events are steps; empty means every event
 * @param features of each step: {@link FeatureSpec.Property} and {@link FeatureSpec.Cyclic} alone
 * @param sinceLast name of a feature that holds the seconds since the step before, or null
 * @param transform of {@code sinceLast}
 */
public record SequenceSpec(
        int length,
        List<String> events,
        List<FeatureSpec> features,
        @Nullable String sinceLast,
        @Nullable Transform transform) {
    public static final int LONGEST = 200;

    public SequenceSpec {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("sequence.length " + length + ": expected 1 to " + LONGEST);
        }
        events = events == null ? List.of() : List.copyOf(events);
        Objects.requireNonNull(features, "sequence.features");
        features = List.copyOf(features);
        for (FeatureSpec feature : features) {
            if (!(feature instanceof FeatureSpec.Property) && !(feature instanceof FeatureSpec.Cyclic)) {
                throw new IllegalArgumentException(
                        "sequence.features." + feature.name() + ": expected type property or cyclic, a step's own");
            }
        }
    }

    /** The values of a step, in tensor order. */
    public List<String> stepNames() {
        return Stream.concat(features.stream().map(FeatureSpec::name), Stream.ofNullable(sinceLast))
                .toList();
    }

    /** How many values a step has. */
    public int width() {
        return features.size() + (sinceLast == null ? 0 : 1);
    }
}
