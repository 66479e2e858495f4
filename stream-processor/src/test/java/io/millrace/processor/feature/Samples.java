package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.Selection;
import io.millrace.model.SequenceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events and manifests to test features with. */
public final class Samples {
    /** A Monday at noon, UTC. */
    public static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00Z");

    private Samples() {}

    public static Event track(String name, Instant time, String properties) {
        return event(EventKind.TRACK, name, time, time, properties, "{}");
    }

    public static Event event(
            EventKind kind, @Nullable String name, Instant time, Instant received, String properties, String traits) {
        return new Event(
                new EventId("e"),
                new Source("shop"),
                "u",
                null,
                kind,
                name,
                JsonObject.of(properties),
                JsonObject.of(traits),
                JsonObject.EMPTY,
                new EventTimes(null, null, received, time, EventTimes.Basis.PRODUCER));
    }

    public static Manifest model(String name, FeatureSpec... features) {
        return model(name, List.of(features), null);
    }

    public static Manifest model(String name, List<FeatureSpec> features, @Nullable SequenceSpec sequence) {
        return model(name, new Selection(List.of(), List.of()), features, sequence);
    }

    public static Manifest model(
            String name, Selection selects, List<FeatureSpec> features, @Nullable SequenceSpec sequence) {
        return new Manifest(
                new ModelVersion(name, "1"),
                Manifest.Kind.TORCHSCRIPT,
                "model.pt",
                Sha256.of(new byte[0]),
                selects,
                features,
                sequence,
                sequence == null ? List.of(Manifest.FEATURES) : List.of(Manifest.FEATURES, Manifest.SEQUENCE),
                new Manifest.Output(0, null),
                "buys",
                0.5f,
                null,
                null,
                null,
                new Manifest.Provenance("nothing", "Apache-2.0", null, Map.of()));
    }

    public static FeatureSpec.Count count(String name, Duration window, String... events) {
        return new FeatureSpec.Count(name, List.of(events), window, null, null);
    }

    public static FeatureSpec.Aggregate aggregate(
            String name, FeatureSpec.Aggregate.Function function, String property, Duration window, double absent) {
        return new FeatureSpec.Aggregate(name, function, property, List.of(), window, absent, null, null);
    }

    public static FeatureSpec.Distinct distinct(String name, String property, Duration window) {
        return new FeatureSpec.Distinct(name, property, List.of(), window, null, null);
    }

    public static FeatureSpec.Recency recency(String name, Duration horizon, String... events) {
        return new FeatureSpec.Recency(name, List.of(events), horizon, null, null);
    }

    public static FeatureSpec.Gap gap(String name, Duration window, double absent) {
        return new FeatureSpec.Gap(name, List.of(), window, absent, null, null);
    }

    public static FeatureSpec.Ratio ratio(String name, String numerator, String denominator, double absent) {
        return new FeatureSpec.Ratio(name, numerator, denominator, absent, null);
    }

    public static FeatureSpec.Property property(String name, String property, @Nullable String text, double absent) {
        return new FeatureSpec.Property(name, property, text, absent, null, null);
    }

    public static FeatureSpec.Trait trait(String name, String trait, @Nullable String text, double absent) {
        return new FeatureSpec.Trait(name, trait, text, absent, null, null);
    }

    /** 12 dense features over 3 windows, and perhaps the last 20 events; the fixture of states has them: never change it. */
    public static Manifest shop(boolean steps) {
        Duration short_ = Duration.ofMinutes(10);
        Duration day = Duration.ofDays(1);
        Duration month = Duration.ofDays(30);
        List<FeatureSpec> features = List.of(
                count("views_10m", short_, "product_viewed"),
                count("views_1d", day, "product_viewed"),
                count("added_1d", day, "product_added"),
                count("orders_30d", month, "order_completed"),
                aggregate("spend_30d", FeatureSpec.Aggregate.Function.SUM, "price", month, 0),
                aggregate("price_mean_1d", FeatureSpec.Aggregate.Function.MEAN, "price", day, 0),
                aggregate("price_max_1d", FeatureSpec.Aggregate.Function.MAX, "price", day, 0),
                distinct("products_1d", "product_id", day),
                recency("since_added", month, "product_added"),
                gap("gap_10m", short_, 600),
                ratio("cart_rate", "added_1d", "views_1d", 0),
                property("price", "price", null, 0));
        SequenceSpec sequence = new SequenceSpec(
                20,
                List.of(),
                List.of(
                        property("viewed", "$name", "product_viewed", 0),
                        property("added", "$name", "product_added", 0),
                        property("step_price", "price", null, 0),
                        new FeatureSpec.Cyclic("hour", FeatureSpec.Cyclic.Cycle.DAY, FeatureSpec.Cyclic.Part.SIN)),
                "since",
                null);
        return model("m", features, steps ? sequence : null);
    }
}
