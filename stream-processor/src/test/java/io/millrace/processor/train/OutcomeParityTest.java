package io.millrace.processor.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.quality.Shelf;
import io.millrace.processor.quality.UserOutcomes;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What training takes for true is what the stream counts as true, prediction by prediction. */
final class OutcomeParityTest {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final long GRACE_SECONDS = GRACE.toSeconds();
    private static final Inputs NONE = new Inputs(List.of(), new float[0], null);
    private static final FeaturePlan PLAN = FeaturePlan.compile(List.of(), Duration.ZERO);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: event, events: [order_completed], within: 5m}",
                "{type: absence, events: [product_added], within: 5m}",
                "{type: absence, within: 5m}",
                "{type: sum, property: price, events: [order_completed, product_added], within: 5m, above: 60}"
            })
    void labels_areWhatTheJoinCounts(String outcome) throws IOException {
        Manifest manifest = TrainConfigReader.read(
                        Shoppers.EVERY_FEATURE
                                .replace("{type: event, events: [order_completed], within: 5m}", outcome)
                                .getBytes(UTF_8),
                        "test")
                .manifest();
        List<Event> events = events(new Random(7));

        assertThat(joined(manifest, events)).isEqualTo(labelled(manifest, events));
    }

    /** Of one user: often two in one second, often as far apart as the outcome or the grace reach, and a second more. */
    private static List<Event> events(Random random) {
        int[] steps = {0, 1, 60, 150, 299, 300, 301, 599, 600, 601};
        String[] names = {"product_viewed", "product_added", "order_completed", "product_removed"};
        List<Event> events = new ArrayList<>();
        int second = 0;
        for (int i = 0; i < 1000; i++) {
            second += steps[random.nextInt(random.nextBoolean() ? 3 : steps.length)];
            String properties = "{\"price\":" + random.nextInt(50) + "}";
            events.add(Shoppers.event("u", names[random.nextInt(names.length)], second, properties));
        }
        return events;
    }

    /** By second of the scored events: how many were known, and how many of them true. */
    private static Map<Long, List<Long>> labelled(Manifest manifest, List<Event> events) {
        List<Observation> observed = new ArrayList<>();
        events.forEach(event -> observed.add(PLAN.observe(event)));
        observed.add(PLAN.observe(end(events)));
        Labels labels = new Labels(Objects.requireNonNull(manifest.outcome()), observed);
        Map<Long, List<Long>> counts = new TreeMap<>();
        for (Observation o : observed.subList(0, events.size())) {
            assertThat(labels.isKnown(o)).isTrue();
            counts.merge(
                    o.time(),
                    List.of(1L, labels.isPositive(o) ? 1L : 0L),
                    (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
        }
        return counts;
    }

    private static Map<Long, List<Long>> joined(Manifest manifest, List<Event> events) {
        Quality quality = new Quality(
                new QualityConfig(Duration.ofSeconds(1), GRACE, 127, Duration.ofSeconds(10)),
                new SimpleMeterRegistry());
        quality.watch(manifest);
        UserOutcomes outcomes = new UserOutcomes(quality, new MemoryShelf(new HashMap<>()), 0, 0);
        byte[] open = {};
        for (Event event : events) {
            open = orElse(outcomes.event(event, open, 0, open.length, false, 0), open);
            if (outcomes.waits(manifest, Role.CHAMPION, event, NONE, 0.5f)) {
                open = orElse(outcomes.predicted(manifest, Role.CHAMPION, event, 0.5f, open, 0, open.length), open);
            }
            outcomes.drained();
        }
        outcomes.event(end(events), open, 0, open.length, false, 0);
        outcomes.keep(0);
        Map<Long, List<Long>> counts = new TreeMap<>();
        for (int i = 0; i < events.size(); i++) {
            outcomes.publish(0, record -> count(record, counts));
        }
        return counts;
    }

    private static byte[] orElse(byte @Nullable [] changed, byte[] open) {
        return changed == null ? open : changed;
    }

    private static void count(QualityRecord record, Map<Long, List<Long>> counts) {
        QualityRecord.Window window = record.window();
        if (window != null) {
            QualityFigures figures = QualityFigures.of(record.counts(), record.reference());
            counts.put(window.start().toEpochMilli(), List.of(figures.known(), figures.positives()));
        }
    }

    /** An event that nobody waits for, when all is over. */
    private static Event end(List<Event> events) {
        long last = events.get(events.size() - 1).times().event().getEpochSecond() - Shoppers.START.getEpochSecond();
        return Shoppers.event("u", "session_ended", (int) (last + 301 + GRACE_SECONDS));
    }

    private record MemoryShelf(Map<String, byte[]> values) implements Shelf {
        @Override
        public byte @Nullable [] get(String key) {
            return values.get(key);
        }

        @Override
        public void put(String key, byte @Nullable [] value) {
            if (value == null) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
        }

        @Override
        public void keys(Consumer<String> each) {
            values.keySet().forEach(each);
        }
    }
}
