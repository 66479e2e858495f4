package io.millrace.processor.feature;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.json.JsonObject;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.model.Transform;
import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The features of one user by their written definition (docs/features.md): keeps every event for ever and looks through
 * all of them each time. Shares no code with the engine that it is the measure of, but for the types of specs and results.
 * One long file on purpose: all definitions are read in one place.
 */
public final class SlowFeatures {
    /** Decimals keep their digits, for a number's text is how it was written. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** An event with what the definitions ask of it. */
    private record Past(int arrived, String name, long time, boolean tooLate, JsonNode properties) {
        boolean isOneOf(List<String> events) {
            return events.isEmpty() || events.contains(name);
        }

        @Nullable
        String text(String property) {
            return property.equals("$name") ? name : SlowFeatures.text(properties.path(property));
        }

        @Nullable
        Float number(String property) {
            return property.equals("$name") ? null : SlowFeatures.number(properties.path(property));
        }
    }

    private final long lateness;
    private final List<Past> history = new ArrayList<>();
    private long newest = -1;

    public SlowFeatures(Duration lateness) {
        this.lateness = lateness.toMillis();
    }

    /** Adds the user's next event, in order of arrival. */
    public void add(Event event) {
        long time = Math.min(
                event.times().event().toEpochMilli(), event.times().received().toEpochMilli());
        String name = event.kind() == EventKind.TRACK
                ? Objects.requireNonNull(event.name())
                : "$" + event.kind().text();
        boolean tooLate = time < newest - lateness;
        newest = Math.max(newest, time);
        history.add(new Past(history.size(), name, time, tooLate, tree(event.properties())));
    }

    /** The inputs of a model for the event that was added last. */
    public FeatureResult inputs(Manifest model, JsonObject traits) {
        Past event = history.get(history.size() - 1);
        List<Inputs.Slot> slots = new ArrayList<>();
        float[] values = new float[model.width()];
        int at = 0;
        for (FeatureSpec feature : model.features()) {
            slots.add(new Inputs.Slot(feature.name(), feature.width()));
            if (feature instanceof FeatureSpec.Vector vector) {
                for (int i = 0; i < vector.size(); i++) {
                    JsonNode array = event.properties().path(vector.property());
                    Float value = array.path(i).isNumber() ? number(array.path(i)) : null;
                    if (value == null || array.size() != vector.size()) {
                        return new FeatureResult.Refused(Reason.INVALID_FEATURE, vector.name());
                    }
                    values[at++] = value;
                }
            } else {
                values[at++] = single(model, feature, event, tree(traits));
            }
        }
        SequenceSpec sequence = model.sequence();
        return new FeatureResult.Computed(
                new Inputs(slots, values, sequence == null ? null : sequence(sequence, event)));
    }

    private float single(Manifest model, FeatureSpec feature, Past event, JsonNode traits) {
        return toFloat(transformed(raw(model, feature, event, traits), transform(feature)));
    }

    private double raw(Manifest model, FeatureSpec feature, Past event, JsonNode traits) {
        if (feature instanceof FeatureSpec.Count f) {
            return window(f.window(), event).filter(e -> e.isOneOf(f.events())).count();
        } else if (feature instanceof FeatureSpec.Aggregate f) {
            return aggregate(f, event);
        } else if (feature instanceof FeatureSpec.Distinct f) {
            return distinct(f, event);
        } else if (feature instanceof FeatureSpec.Recency f) {
            double horizon = f.horizon().toMillis() / 1000.0;
            List<Past> last = latest(4, f.events(), event);
            last.remove(event);
            return last.isEmpty() ? horizon : Math.min(horizon, seconds(last.get(last.size() - 1), event));
        } else if (feature instanceof FeatureSpec.Gap f) {
            List<Past> events = window(f.window(), event)
                    .filter(e -> e.isOneOf(f.events()))
                    .sorted(Comparator.comparingLong(Past::time))
                    .toList();
            int n = events.size();
            return n < 2 ? f.absent() : seconds(events.get(0), events.get(n - 1)) / (n - 1);
        } else if (feature instanceof FeatureSpec.Ratio f) {
            double numerator = raw(model, named(model, f.numerator()), event, traits);
            double denominator = raw(model, named(model, f.denominator()), event, traits);
            double ratio = denominator == 0 ? f.absent() : numerator / denominator;
            return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, ratio));
        } else if (feature instanceof FeatureSpec.Property f) {
            return property(f, event);
        } else if (feature instanceof FeatureSpec.Trait f) {
            JsonNode trait = traits.path(f.trait());
            return either(f.equalTo(), text(trait), number(trait), f.absent());
        } else if (feature instanceof FeatureSpec.Cyclic f) {
            return cyclic(f, event.time());
        }
        throw new IllegalArgumentException(feature + " is no feature of one value");
    }

    private double aggregate(FeatureSpec.Aggregate f, Past event) {
        List<Float> numbers = window(f.window(), event)
                .filter(e -> e.isOneOf(f.events()))
                .map(e -> e.number(f.property()))
                .filter(Objects::nonNull)
                .toList();
        if (numbers.isEmpty()) {
            return f.absent();
        }
        double sum = numbers.stream().mapToDouble(number -> number).sum();
        return switch (f.function()) {
            case SUM -> sum;
            case MEAN -> sum / numbers.size();
            case MIN -> numbers.stream().min(Comparator.naturalOrder()).orElseThrow();
            case MAX -> numbers.stream().max(Comparator.naturalOrder()).orElseThrow();
        };
    }

    private double distinct(FeatureSpec.Distinct f, Past event) {
        List<Past> events = window(f.window(), event)
                .filter(e -> e.isOneOf(f.events()) && e.text(f.property()) != null)
                .toList();
        Set<String> all = new HashSet<>();
        BitSet bits = new BitSet(512);
        Map<Long, Set<String>> byPane = new HashMap<>();
        for (Past e : events) {
            String text = Objects.requireNonNull(e.text(f.property()));
            all.add(text);
            bits.set(hash(text) >>> 23);
            // The scored event itself is in no pane if it came too late.
            if (isRetained(e, f.window())) {
                byPane.computeIfAbsent(pane(e.time(), f.window()), unused -> new HashSet<>())
                        .add(text);
            }
        }
        boolean exact = byPane.values().stream().allMatch(pane -> pane.size() <= 16);
        int clear = Math.max(512 - bits.cardinality(), 1);
        return exact ? all.size() : Math.rint(-512 * StrictMath.log(clear / 512.0));
    }

    /** Of the events of the panes from that of the event back to the twelfth: those retained, and the event itself. */
    private Stream<Past> window(Duration window, Past event) {
        long pane = pane(event.time(), window);
        return history.stream().filter(e -> {
            boolean within = pane(e.time(), window) > pane - 12 && pane(e.time(), window) <= pane;
            return e.equals(event) || (within && isRetained(e, window));
        });
    }

    private boolean isRetained(Past e, Duration window) {
        long late = Math.min(lateness, window.toMillis());
        long panes = 12 + (late + paneMillis(window) - 1) / paneMillis(window);
        return !e.tooLate() && pane(e.time(), window) > pane(newest, window) - panes;
    }

    private static long paneMillis(Duration window) {
        return (window.toMillis() + 11) / 12;
    }

    private static long pane(long time, Duration window) {
        return time / paneMillis(window);
    }

    /** Of the newest so many that were not too late: those not newer than the event, and the event itself, by time. */
    private List<Past> latest(int most, List<String> events, Past event) {
        Comparator<Past> byTime = Comparator.comparingLong(Past::time).thenComparingInt(Past::arrived);
        List<Past> kept = history.stream()
                .filter(e -> e.isOneOf(events) && !e.tooLate())
                .sorted(byTime.reversed())
                .limit(most)
                .toList();
        List<Past> all = new ArrayList<>();
        history.stream()
                .filter(e -> e.equals(event) ? e.isOneOf(events) : kept.contains(e) && e.time() <= event.time())
                .sorted(byTime)
                .forEach(all::add);
        return all;
    }

    private Inputs.Sequence sequence(SequenceSpec spec, Past event) {
        List<Past> all = latest(spec.length() + (spec.sinceLast() == null ? 0 : 1), spec.events(), event);
        int from = Math.max(0, all.size() - spec.length());
        List<String> names =
                new ArrayList<>(spec.features().stream().map(FeatureSpec::name).toList());
        if (spec.sinceLast() != null) {
            names.add(spec.sinceLast());
        }
        List<Float> values = new ArrayList<>();
        for (int i = from; i < all.size(); i++) {
            Past step = all.get(i);
            for (FeatureSpec feature : spec.features()) {
                double raw = feature instanceof FeatureSpec.Property p
                        ? property(p, step)
                        : cyclic((FeatureSpec.Cyclic) feature, step.time());
                values.add(toFloat(transformed(raw, transform(feature))));
            }
            if (spec.sinceLast() != null) {
                values.add(toFloat(transformed(i == 0 ? 0 : seconds(all.get(i - 1), step), spec.transform())));
            }
        }
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return new Inputs.Sequence(names, all.size() - from, flat);
    }

    private static double property(FeatureSpec.Property f, Past event) {
        return either(f.equalTo(), event.text(f.property()), event.number(f.property()), f.absent());
    }

    private static double either(
            @Nullable String equalTo, @Nullable String text, @Nullable Float number, double absent) {
        if (equalTo != null) {
            return text == null ? absent : text.equals(equalTo) ? 1 : 0;
        }
        return number == null ? absent : number;
    }

    private static double cyclic(FeatureSpec.Cyclic f, long time) {
        long day = Duration.ofDays(1).toMillis();
        double turn = f.cycle() == FeatureSpec.Cyclic.Cycle.DAY
                ? time % day / (double) day
                : (time + 3 * day) % (7 * day) / (7.0 * day);
        double angle = 2 * Math.PI * turn;
        return f.part() == FeatureSpec.Cyclic.Part.SIN ? Math.sin(angle) : Math.cos(angle);
    }

    private static FeatureSpec named(Manifest model, String name) {
        return model.features().stream()
                .filter(feature -> feature.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(Past from, Past to) {
        return (to.time() - from.time()) / 1000.0;
    }

    /** A text; a number as it was written; true or false. */
    private static @Nullable String text(JsonNode value) {
        return value.isTextual() || value.isNumber() || value.isBoolean() ? value.asText() : null;
    }

    private static @Nullable Float number(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1f : 0f;
        }
        boolean fits = value.isNumber() && Math.abs(value.doubleValue()) <= Float.MAX_VALUE;
        return fits ? (Float) ((float) value.doubleValue() + 0f) : null;
    }

    /** FNV-1a of the UTF-16 units, then MurmurHash3's finalizer, of which the lower half. */
    private static int hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash ^= text.charAt(i);
            hash *= 0x100000001b3L;
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (int) hash;
    }

    private static double transformed(double value, @Nullable Transform transform) {
        return transform == Transform.LOG1P ? Math.signum(value) * Math.log1p(Math.abs(value)) : value;
    }

    private static float toFloat(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    private static @Nullable Transform transform(FeatureSpec feature) {
        // Every record that has a transform names it so; reflection keeps this list from being written twice.
        try {
            return (Transform) feature.getClass().getMethod("transform").invoke(feature);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode tree(JsonObject json) {
        try {
            return JSON.readTree(json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
