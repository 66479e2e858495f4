package io.millrace.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events a model scores. Every event updates the state; only these are scored.
 *
 * @param events names as in {@link FeatureSpec}; empty means every event
 * @param sources names of sources; empty means every source
 */
public record Selection(List<String> events, List<String> sources) {
    public Selection {
        events = copy(events);
        sources = copy(sources);
    }

    private static List<String> copy(@Nullable List<String> names) {
        return names == null ? List.of() : List.copyOf(names);
    }
}
