package io.millrace.processor.feature;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.model.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes manifests of all feature types. */
final class RandomFeatures {
    private static final List<String> NAMES = List.of("viewed", "bought", "$identify", "$page");
    private static final List<String> PROPERTIES = List.of("price", "category", "flag", "missing", "$name");

    private final Random random;

    RandomFeatures(Random random) {
        this.random = random;
    }

    Duration duration() {
        return switch (random.nextInt(7)) {
            case 0 -> Duration.ofSeconds(1);
            case 1 -> Duration.ofMillis(1000 + random.nextInt(20_000));
            case 2 -> Duration.ofMinutes(1);
            case 3 -> Duration.ofHours(1);
            case 4 -> Duration.ofDays(1);
            case 5 -> Duration.ofDays(366);
            default -> Duration.ofDays(30);
        };
    }

    Manifest model(String name) {
        int number = random.nextInt(8);
        List<FeatureSpec> features = new ArrayList<>();
        List<String> divisible = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            FeatureSpec feature = feature("f" + i, divisible);
            features.add(feature);
            if (feature.width() == 1) {
                divisible.add(feature.name());
            }
        }
        if (random.nextInt(4) == 0) {
            features.add(new FeatureSpec.Vector("embedding", "embedding", 1 + random.nextInt(3)));
        }
        SequenceSpec sequence = random.nextBoolean() ? null : sequence();
        return Samples.model(name, features, sequence);
    }

    private FeatureSpec feature(String name, List<String> divisible) {
        Duration window = duration();
        double absent = random.nextInt(5) - 2;
        return switch (random.nextInt(divisible.isEmpty() ? 8 : 9)) {
            case 0 -> new FeatureSpec.Count(name, events(), window, transform(), null);
            case 1 ->
                new FeatureSpec.Aggregate(
                        name,
                        one(FeatureSpec.Aggregate.Function.values()),
                        property(),
                        events(),
                        window,
                        absent,
                        transform(),
                        null);
            case 2 -> new FeatureSpec.Distinct(name, property(), events(), window, transform(), null);
            case 3 -> new FeatureSpec.Recency(name, events(), window, transform(), null);
            case 4 -> new FeatureSpec.Gap(name, events(), window, absent, transform(), null);
            case 5 -> property(name, absent);
            case 6 ->
                new FeatureSpec.Trait(name, random.nextBoolean() ? "age" : "plan", text(), absent, transform(), null);
            case 7 -> cyclic(name);
            default ->
                new FeatureSpec.Ratio(
                        name,
                        divisible.get(random.nextInt(divisible.size())),
                        divisible.get(random.nextInt(divisible.size())),
                        absent,
                        transform());
        };
    }

    private SequenceSpec sequence() {
        List<FeatureSpec> features = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            features.add(random.nextInt(4) == 0 ? cyclic("s" + i) : property("s" + i, 0.5));
        }
        return new SequenceSpec(
                1 + random.nextInt(8), events(), features, random.nextBoolean() ? "since" : null, transform());
    }

    private FeatureSpec.Property property(String name, double absent) {
        return new FeatureSpec.Property(name, property(), text(), absent, transform(), null);
    }

    private FeatureSpec.Cyclic cyclic(String name) {
        return new FeatureSpec.Cyclic(
                name, one(FeatureSpec.Cyclic.Cycle.values()), one(FeatureSpec.Cyclic.Part.values()));
    }

    private String property() {
        return PROPERTIES.get(random.nextInt(PROPERTIES.size()));
    }

    private @Nullable String text() {
        return random.nextBoolean() ? null : one(new String[] {"shoes", "true", "7", "viewed"});
    }

    private List<String> events() {
        return NAMES.stream().filter(name -> random.nextInt(3) == 0).toList();
    }

    private @Nullable Transform transform() {
        return one(new @Nullable Transform[] {null, Transform.NONE, Transform.LOG1P});
    }

    private <T extends @Nullable Object> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
