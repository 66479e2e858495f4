package io.millrace.processor.feature;

import io.millrace.identity.ModelVersion;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Gathers what the models' features need while a {@link FeaturePlan} is compiled; each need is met once. */
final class PlanBuilder {
    /** Definitions begin with it; a new meaning of an old type would be 2, and begin without a past. */
    private static final String MEANING = "1";

    private final Duration lateness;
    private final Matchers matchers = new Matchers();
    private final PropertyFields fields = new PropertyFields();
    private final Map<String, Aggregate> aggregates = new LinkedHashMap<>();
    private boolean readsTraits;

    private PlanBuilder(Duration lateness) {
        if (lateness.isNegative()) {
            throw new IllegalArgumentException("lateness " + lateness + ": expected PT0S or more");
        }
        this.lateness = lateness;
    }

    static FeaturePlan compile(List<Manifest> manifests, Duration lateness) {
        PlanBuilder builder = new PlanBuilder(lateness);
        Map<ModelVersion, ModelFeatures> models = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            try {
                if (models.put(manifest.model(), new ModelCompiler(builder).compile(manifest)) != null) {
                    throw new IllegalArgumentException("given twice");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("model " + manifest.model() + ": " + e.getMessage(), e);
            }
        }
        builder.matchers.seal();
        return new FeaturePlan(builder, manifests, models);
    }

    Counts counts(FeatureSpec.Count spec) {
        return aggregate(
                Counts.class,
                spec.events(),
                definition("count", spec.events(), spec.window()),
                place -> new Counts(place, panes(spec.window())));
    }

    Sums sums(FeatureSpec.Aggregate spec) {
        int field = fields.number(spec.property());
        return aggregate(
                Sums.class,
                spec.events(),
                definition("sum", spec.events(), spec.window(), spec.property()),
                place -> new Sums(place, panes(spec.window()), field));
    }

    Extremes extremes(FeatureSpec.Aggregate spec, boolean greatest) {
        int field = fields.number(spec.property());
        return aggregate(
                Extremes.class,
                spec.events(),
                definition(greatest ? "max" : "min", spec.events(), spec.window(), spec.property()),
                place -> new Extremes(place, panes(spec.window()), field, greatest));
    }

    Gaps gaps(FeatureSpec.Gap spec) {
        return aggregate(
                Gaps.class,
                spec.events(),
                definition("gap", spec.events(), spec.window()),
                place -> new Gaps(place, panes(spec.window())));
    }

    Distincts distincts(FeatureSpec.Distinct spec) {
        int field = fields.hash(spec.property());
        return aggregate(
                Distincts.class,
                spec.events(),
                definition("distinct", spec.events(), spec.window(), spec.property()),
                place -> new Distincts(place, panes(spec.window()), field));
    }

    /** Whatever the horizon: it only bounds what is told. */
    Times times(FeatureSpec.Recency spec) {
        return aggregate(Times.class, spec.events(), definition("times", spec.events(), Duration.ZERO), Times::new);
    }

    Steps steps(List<String> events, int kept, List<FeatureSpec.Property> properties) {
        List<OwnValue> values = new ArrayList<>();
        List<String> parts = new ArrayList<>(List.of(Integer.toString(kept)));
        for (FeatureSpec.Property property : properties) {
            OwnValue value = OwnValue.of(property, fields);
            values.add(value);
            parts.add(property.property());
            parts.add(property.equalTo() == null ? "number" : "equals " + property.equalTo());
            parts.add(Double.toString(value.absent()));
            parts.add(value.transform().name());
        }
        return aggregate(
                Steps.class,
                events,
                definition("steps", events, Duration.ZERO, parts.toArray(new String[0])),
                place -> new Steps(place, kept, values));
    }

    PropertyFields fields() {
        return fields;
    }

    Matchers matchers() {
        return matchers;
    }

    Duration lateness() {
        return lateness;
    }

    void readTraits() {
        readsTraits = true;
    }

    boolean readsTraits() {
        return readsTraits;
    }

    Aggregate[] aggregates() {
        return aggregates.values().toArray(new Aggregate[0]);
    }

    Aggregate[] aggregatesByHash() {
        Aggregate[] sorted = aggregates();
        Arrays.sort(sorted, Comparator.comparingLong(aggregate -> aggregate.hash));
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i].hash == sorted[i - 1].hash) {
                throw new IllegalArgumentException(
                        "two features' definitions have the same 64-bit hash; change a window");
            }
        }
        return sorted;
    }

    private Panes panes(Duration window) {
        return Panes.of(window, lateness);
    }

    private <A extends Aggregate> A aggregate(
            Class<A> type, List<String> events, String definition, Function<Aggregate.Place, A> make) {
        Aggregate known = aggregates.get(definition);
        if (known == null) {
            int matcher = matchers.of(events);
            known = make.apply(new Aggregate.Place(aggregates.size(), definition, matcher, lateness.toMillis()));
            aggregates.put(definition, known);
        }
        return type.cast(known);
    }

    /** All that the meaning of the bytes depends on; each part with its length, so that no two run together. */
    private static String definition(String type, List<String> events, Duration window, String... rest) {
        List<String> parts = new ArrayList<>(List.of(MEANING, type, Long.toString(window.toMillis())));
        parts.add(Integer.toString(Panes.PER_WINDOW));
        TreeSet<String> names = new TreeSet<>(events);
        parts.add(Integer.toString(names.size()));
        parts.addAll(names);
        parts.addAll(List.of(rest));
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(part.length()).append(':').append(part).append(',');
        }
        return text.toString();
    }
}
