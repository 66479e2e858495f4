package io.millrace.processor.feature;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.model.Transform;
import io.millrace.prediction.Inputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles one manifest's features against what a {@link PlanBuilder} gathers. */
final class ModelCompiler {
    private final PlanBuilder builder;
    private final List<Inputs.Slot> slots = new ArrayList<>();
    private final List<ModelFeatures.Scalar> scalars = new ArrayList<>();
    private final List<ModelFeatures.Vector> vectors = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();

    ModelCompiler(PlanBuilder builder) {
        this.builder = builder;
    }

    ModelFeatures compile(Manifest manifest) {
        List<FeatureSpec> features = manifest.features();
        int width = 0;
        for (FeatureSpec feature : features) {
            slots.add(new Inputs.Slot(feature.name(), feature.width()));
            offsets.add(width);
            width += feature.width();
        }
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i) instanceof FeatureSpec.Vector vector) {
                int field = builder.fields().vector(vector.property(), vector.size());
                vectors.add(new ModelFeatures.Vector(
                        vector.name(), vector.property(), field, offsets.get(i), vector.size()));
            } else if (!(features.get(i) instanceof FeatureSpec.Ratio)) {
                scalar(i, term(features.get(i)), transform(features.get(i)));
            }
        }
        ratios(features);
        SequenceSpec sequence = manifest.sequence();
        return new ModelFeatures(
                List.copyOf(slots),
                scalars.toArray(new ModelFeatures.Scalar[0]),
                vectors.toArray(new ModelFeatures.Vector[0]),
                width,
                sequence == null ? null : sequence(sequence));
    }

    private void scalar(int feature, Term term, @Nullable Transform transform) {
        scalars.add(new ModelFeatures.Scalar(feature, offsets.get(feature), term, OwnValue.orNone(transform)));
    }

    private Term term(FeatureSpec feature) {
        if (feature instanceof FeatureSpec.Count spec) {
            Counts counts = builder.counts(spec);
            return (state, o, traits, before) -> counts.count(state, o);
        } else if (feature instanceof FeatureSpec.Aggregate spec) {
            return aggregate(spec, finite(spec.name(), spec.absent()));
        } else if (feature instanceof FeatureSpec.Distinct spec) {
            Distincts distincts = builder.distincts(spec);
            return (state, o, traits, before) -> distincts.count(state, o);
        } else if (feature instanceof FeatureSpec.Recency spec) {
            Times times = builder.times(spec);
            double horizon = spec.horizon().toMillis() / 1000.0;
            return (state, o, traits, before) -> times.since(state, o, horizon);
        } else if (feature instanceof FeatureSpec.Gap spec) {
            Gaps gaps = builder.gaps(spec);
            double absent = finite(spec.name(), spec.absent());
            return (state, o, traits, before) -> gaps.mean(state, o, absent);
        } else if (feature instanceof FeatureSpec.Property spec) {
            finite(spec.name(), spec.absent());
            OwnValue own = OwnValue.of(spec, builder.fields());
            return (state, o, traits, before) -> own.raw(o);
        } else if (feature instanceof FeatureSpec.Trait spec) {
            return trait(spec, finite(spec.name(), spec.absent()));
        } else if (feature instanceof FeatureSpec.Cyclic spec) {
            return (state, o, traits, before) -> Cycles.value(spec, o.time());
        }
        throw new IllegalStateException(feature + " has no term: ratios and vectors are compiled apart");
    }

    private Term aggregate(FeatureSpec.Aggregate spec, double absent) {
        return switch (spec.function()) {
            case SUM -> {
                Sums sums = builder.sums(spec);
                yield (state, o, traits, before) -> sums.sum(state, o, absent);
            }
            case MEAN -> {
                Sums sums = builder.sums(spec);
                yield (state, o, traits, before) -> sums.mean(state, o, absent);
            }
            case MIN, MAX -> {
                Extremes extremes = builder.extremes(spec, spec.function() == FeatureSpec.Aggregate.Function.MAX);
                yield (state, o, traits, before) -> extremes.extreme(state, o, absent);
            }
        };
    }

    private Term trait(FeatureSpec.Trait spec, double absent) {
        builder.readTraits();
        String name = spec.trait();
        String text = spec.equalTo();
        if (text == null) {
            return (state, o, traits, before) -> {
                float value = traits.number(name);
                return Float.isNaN(value) ? absent : value;
            };
        }
        return (state, o, traits, before) -> {
            String value = traits.text(name);
            return value == null ? absent : value.equals(text) ? 1 : 0;
        };
    }

    /** Each ratio after the two features that it divides. */
    private void ratios(List<FeatureSpec> features) {
        List<String> names = features.stream().map(FeatureSpec::name).toList();
        Set<String> done = new HashSet<>();
        List<FeatureSpec.Ratio> waiting = new ArrayList<>();
        for (FeatureSpec feature : features) {
            if (feature instanceof FeatureSpec.Ratio ratio) {
                waiting.add(ratio);
            } else if (!(feature instanceof FeatureSpec.Vector)) {
                done.add(feature.name());
            }
        }
        while (!waiting.isEmpty()) {
            List<FeatureSpec.Ratio> ready = waiting.stream()
                    .filter(ratio -> done.contains(ratio.numerator()) && done.contains(ratio.denominator()))
                    .toList();
            if (ready.isEmpty()) {
                throw new IllegalArgumentException("feature " + waiting.get(0).name()
                        + ": a ratio of a vector, or of itself; expected features of one value");
            }
            for (FeatureSpec.Ratio ratio : ready) {
                int numerator = names.indexOf(ratio.numerator());
                int denominator = names.indexOf(ratio.denominator());
                double absent = finite(ratio.name(), ratio.absent());
                scalar(names.indexOf(ratio.name()), ratio(numerator, denominator, absent), ratio.transform());
                done.add(ratio.name());
            }
            waiting.removeAll(ready);
        }
    }

    /** Bounded, because infinity over infinity in a ratio of ratios would be NaN. */
    private static Term ratio(int numerator, int denominator, double absent) {
        return (state, o, traits, before) -> {
            double ratio = before[denominator] == 0 ? absent : before[numerator] / before[denominator];
            return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, ratio));
        };
    }

    private StepSequence sequence(SequenceSpec spec) {
        List<String> names = new ArrayList<>();
        List<StepSequence.Column> columns = new ArrayList<>();
        List<FeatureSpec.Property> properties = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            names.add(feature.name());
            if (feature instanceof FeatureSpec.Property property) {
                finite(property.name(), property.absent());
                columns.add(new StepSequence.Column.Kept(properties.size()));
                properties.add(property);
            } else if (feature instanceof FeatureSpec.Cyclic cyclic) {
                columns.add(new StepSequence.Column.Clock(cyclic));
            }
        }
        String sinceLast = spec.sinceLast();
        if (sinceLast != null) {
            names.add(sinceLast);
        }
        if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("sequence of " + names + ": expected at least one name, each once");
        }
        return new StepSequence(
                builder.steps(spec.events(), StepSequence.kept(spec), properties),
                spec.length(),
                List.copyOf(names),
                columns.toArray(new StepSequence.Column[0]),
                sinceLast != null,
                OwnValue.orNone(spec.transform()));
    }

    private static double finite(String name, double absent) {
        if (!(Math.abs(absent) <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("feature " + name + ".absent " + absent + ": expected a finite float32");
        }
        return absent;
    }

    private static @Nullable Transform transform(FeatureSpec feature) {
        if (feature instanceof FeatureSpec.Count spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Aggregate spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Distinct spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Recency spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Gap spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Property spec) {
            return spec.transform();
        } else if (feature instanceof FeatureSpec.Trait spec) {
            return spec.transform();
        }
        return null;
    }
}
