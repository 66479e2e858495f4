package io.millrace.processor.train.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.quality.MemoryShelf;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.quality.UserOutcomes;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What training takes for true is what the stream counts as true, prediction by prediction. */
final class OutcomeParityTest {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Inputs NONE = new Inputs(List.of(), new float[0], null);
    private static final FeaturePlan PLAN = FeaturePlan.compile(List.of(), Duration.ZERO);

    private static final String BOUGHT = "{type: event, events: [order_completed], within: 5m}";

    /** What became of the predictions of one second's events. */
    private record Told(long known, long positive, long dropped) {
        Told plus(Told other) {
            return new Told(known + other.known, positive + other.positive, dropped + other.dropped);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOUGHT,
                "{type: absence, events: [product_added], within: 5m}",
                "{type: absence, within: 5m}",
                "{type: sum, property: price, events: [order_completed, product_added], within: 5m, above: 60}"
            })
    void labels_areWhatTheJoinCounts(String outcome) throws IOException {
        Manifest manifest = manifest(outcome);
        List<Event> events = events(new Random(7));

        assertThat(joined(manifest, events, 1)).isEqualTo(labelled(manifest, events));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOUGHT,
                "{type: absence, events: [product_added], within: 5m}",
                "{type: absence, within: 5m}",
                "{type: sum, property: price, events: [order_completed, product_added], within: 5m, above: 60}"
            })
    void counts_areTheSame_howeverEventsFallIntoBatches(String outcome) throws IOException {
        Manifest manifest = manifest(outcome);
        Random random = new Random(8);
        List<Event> arrivals = events(random);
        for (int swap = 0; swap < 100; swap++) {
            int i = random.nextInt(arrivals.size() - 10);
            Collections.swap(arrivals, i, i + 1 + random.nextInt(9));
        }

        Map<Long, Told> oneByOne = joined(manifest, arrivals, 1);
        assertThat(oneByOne.values()).anyMatch(told -> told.dropped() > 0);
        for (int batch : new int[] {2, 5, 40}) {
            assertThat(joined(manifest, arrivals, batch)).isEqualTo(oneByOne);
        }
    }

    private static Manifest manifest(String outcome) throws IOException {
        byte[] config = Shoppers.EVERY_FEATURE.replace(BOUGHT, outcome).getBytes(UTF_8);
        return TrainConfig.read(config, "test").manifest();
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

    /** By the scored events' second. */
    private static Map<Long, Told> labelled(Manifest manifest, List<Event> events) {
        List<Observation> observed = new ArrayList<>();
        events.forEach(event -> observed.add(PLAN.observe(event)));
        observed.add(PLAN.observe(end(events)));
        Labels labels = new Labels(Objects.requireNonNull(manifest.outcome()), observed);
        Map<Long, Told> told = new TreeMap<>();
        for (Observation o : observed.subList(0, events.size())) {
            assertThat(labels.isKnown(o)).isTrue();
            told.merge(o.time(), new Told(1, labels.isPositive(o) ? 1 : 0, 0), Told::plus);
        }
        return told;
    }

    /** @param batch how many events it takes on average until predictions are emitted */
    private static Map<Long, Told> joined(Manifest manifest, List<Event> events, int batch) {
        Random random = new Random(9);
        Quality quality = new Quality(
                new QualityConfig(Duration.ofSeconds(1), GRACE, 127, Duration.ofSeconds(10)),
                new SimpleMeterRegistry());
        quality.watch(manifest);
        UserOutcomes outcomes = new UserOutcomes(quality, new MemoryShelf(), 0, 0);
        List<Event> waiting = new ArrayList<>();
        Instant newest = Instant.MIN;
        byte[] open = {};
        for (Event event : events) {
            Instant time = event.times().event();
            open = orElse(outcomes.event(event, open, 0, open.length, time.isBefore(newest) ? newest : null, 0), open);
            newest = time.isAfter(newest) ? time : newest;
            waiting.add(event);
            if (random.nextInt(batch) == 0) {
                open = emit(outcomes, manifest, waiting, open);
            }
        }
        open = orElse(outcomes.event(end(events), open, 0, open.length, null, 0), open);
        assertThat(emit(outcomes, manifest, waiting, open)).isEmpty();
        outcomes.keep(0);
        Map<Long, Told> told = new TreeMap<>();
        for (int i = 0; i < events.size(); i++) {
            outcomes.publish(0, record -> count(record, told));
        }
        return told;
    }

    private static byte[] emit(UserOutcomes outcomes, Manifest manifest, List<Event> waiting, byte[] open) {
        byte[] now = open;
        for (Event event : waiting) {
            assertThat(outcomes.waits(manifest, Role.CHAMPION, event, NONE, 0.5f))
                    .isTrue();
            now = orElse(outcomes.predicted(manifest, Role.CHAMPION, event, 0.5f, now, 0, now.length), now);
        }
        waiting.clear();
        outcomes.drained();
        return now;
    }

    private static byte[] orElse(byte @Nullable [] changed, byte[] open) {
        return changed == null ? open : changed;
    }

    private static void count(QualityRecord record, Map<Long, Told> told) {
        QualityRecord.Window window = record.window();
        if (window != null) {
            QualityFigures figures = QualityFigures.of(record.counts(), record.reference());
            told.put(window.start().toEpochMilli(), new Told(figures.known(), figures.positives(), figures.dropped()));
        }
    }

    /** When all is over: an event that is nobody's outcome. */
    private static Event end(List<Event> events) {
        long last = events.stream()
                .mapToLong(event -> event.times().event().getEpochSecond())
                .max()
                .orElseThrow();
        long second = last - Shoppers.START.getEpochSecond() + 301 + GRACE.toSeconds();
        return Shoppers.event("u", "session_ended", (int) second);
    }
}
