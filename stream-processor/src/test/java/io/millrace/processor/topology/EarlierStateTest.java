package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.PredictionCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.model.OutcomeSpec;
import io.millrace.prediction.Prediction;
import io.millrace.processor.feature.StateVersionException;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * State as release 0.1 wrote it, every value of every store, is read by this one: what follows is what would have followed
 * without the change of releases. {@code state-0.1.txt} never changes; a release that writes other bytes adds a file of its
 * own, made by {@link #main}.
 */
class EarlierStateTest {
    private static final String FIXTURE = "state-0.1.txt";
    private static final Instant NOON = QualityStage.NOON;
    private static final OutcomeSpec BOUGHT = new OutcomeSpec.Event(List.of("order_completed"), Duration.ofMinutes(30));
    private static final HexFormat HEX = HexFormat.of();

    /** A value of a store: users and quality have no window. */
    private record Entry(String store, byte[] key, long window, byte[] value) {
        static Entry read(String line) {
            String[] parts = line.split(" ", -1);
            return new Entry(parts[0], HEX.parseHex(parts[1]), Long.parseLong(parts[2]), HEX.parseHex(parts[3]));
        }

        String text() {
            return store + " " + HEX.formatHex(key) + " " + window + " " + HEX.formatHex(value);
        }

        void putInto(QualityStage stage) {
            if (store.equals("seen")) {
                seen(stage).put(key, value, window);
            } else {
                values(stage, store).put(key, value);
            }
        }
    }

    /**
     * Writes the fixture of this release.
     *
     * @param arguments the file, and a directory for its state
     */
    public static void main(String[] arguments) throws Exception {
        try (QualityStage stage = stage(Path.of(arguments[1]))) {
            before(stage);
            stage.publish();
            Files.write(
                    Path.of(arguments[0]),
                    entries(stage).stream().map(Entry::text).toList(),
                    US_ASCII);
        }
    }

    @Test
    void whatFollows_isAsIfTheReleaseHadWrittenItsStateItself(@TempDir Path folder) throws Exception {
        List<Prediction> unchanged;
        String known;
        List<String> left;
        try (QualityStage stage = stage(folder.resolve("unchanged"))) {
            before(stage);
            stage.publish();
            predictions(stage);
            after(stage);
            unchanged = predictions(stage);
            known = stage.known();
            left = entries(stage).stream().map(Entry::text).toList();
        }

        try (QualityStage stage = stage(folder.resolve("upgraded"))) {
            fixture().forEach(entry -> entry.putInto(stage));
            // The clock is where it is in the other.
            stage.publish();
            stage.publish();
            after(stage);

            assertThat(predictions(stage)).usingRecursiveComparison().isEqualTo(unchanged);
            assertThat(unchanged).hasSize(3);
            assertThat(stage.known()).isEqualTo(known).isEqualTo("predictions 5, known 2, positives 2");
            assertThat(entries(stage).stream().map(Entry::text)).containsExactlyElementsOf(left);
        }
    }

    @Test
    void theFixture_holdsEveryKindOfValue() throws IOException {
        assertThat(fixture()
                        .map(entry -> entry.store() + " " + entry.value()[0])
                        .distinct())
                .contains("users 1", "users 2", "quality 1");
        assertThat(fixture().filter(entry -> entry.store().equals("seen")).map(entry -> entry.value().length))
                .contains(12)
                .containsOnly(12);
    }

    @Test
    void topologyStops_whenALaterReleaseWroteAUser(@TempDir Path folder) throws Exception {
        try (QualityStage stage = stage(folder)) {
            fixture().forEach(entry -> {
                entry.value()[0] = entry.store().equals("users") ? 3 : entry.value()[0];
                entry.putInto(stage);
            });

            assertThatThrownBy(() -> after(stage))
                    .hasRootCauseInstanceOf(StateVersionException.class)
                    .hasRootCauseMessage("store users holds state of version 3: expected 2 or earlier; a later release"
                            + " wrote it, run that one");
            assertThat(stage.topology.output(Topic.DEAD_LETTERS).isEmpty()).isTrue();
        }
    }

    private static QualityStage stage(Path folder) throws Exception {
        return new QualityStage(folder, BOUGHT, null, 16);
    }

    /** What the earlier release had seen: a profile, open predictions, a known outcome. */
    private static void before(QualityStage stage) {
        stage.post(identify("i1", "u1", "{\"plan\":\"pro\"}"));
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5,\"b\":0.125}");
        stage.post("u2", "product_viewed", NOON.plusSeconds(1), "{\"a\":0.25}");
        stage.post("u2", "order_completed", NOON.plusSeconds(60), "{}");
        stage.post("u3", "order_completed", NOON.plusSeconds(90), "{}");
        stage.post(identify("i2", "u5", "{\"plan\":\"free\"}"));
    }

    /** What comes to this one: new events, an event that was seen, an outcome of a prediction of before. */
    private static void after(QualityStage stage) {
        Event again = viewed("e0", "u1", NOON, "{\"a\":0.5,\"b\":0.125}");
        stage.post(again);
        stage.post(viewed("x1", "u1", NOON.plusSeconds(120), "{\"a\":0.0625}"));
        stage.post(viewed("x2", "u2", NOON.plusSeconds(121), "{\"a\":0.75}"));
        stage.post(viewed("x3", "u4", NOON.plusSeconds(122), "{\"a\":0.375}"));
        stage.post(event("x4", "u1", EventKind.TRACK, "order_completed", NOON.plusSeconds(100), "{}", "{}"));
        stage.post(identify("x5", "u1", "{\"city\":\"Ulm\"}"));
    }

    private static Event viewed(String id, String user, Instant time, String properties) {
        return event(id, user, EventKind.TRACK, "product_viewed", time, properties, "{}");
    }

    private static Event identify(String id, String user, String traits) {
        return event(id, user, EventKind.IDENTIFY, null, NOON, "{}", traits);
    }

    private static Event event(
            String id,
            String user,
            EventKind kind,
            @Nullable String name,
            Instant time,
            String properties,
            String traits) {
        return new Event(
                new EventId(id),
                new Source("web"),
                user,
                null,
                kind,
                name,
                JsonObject.of(properties),
                JsonObject.of(traits),
                JsonObject.EMPTY,
                new EventTimes(null, null, time.plus(Duration.ofHours(3)), time, EventTimes.Basis.RECEIVED));
    }

    private static List<Prediction> predictions(QualityStage stage) throws Exception {
        stage.publish();
        List<Prediction> predictions = new ArrayList<>();
        for (byte[] value : stage.topology.output(Topic.PREDICTIONS).readValuesToList()) {
            predictions.add(PredictionCodec.decode(value));
        }
        return predictions;
    }

    private static Stream<Entry> fixture() throws IOException {
        try (InputStream in = EarlierStateTest.class.getResourceAsStream(FIXTURE)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII)
                    .lines()
                    .map(Entry::read);
        }
    }

    private static List<Entry> entries(QualityStage stage) {
        List<Entry> entries = new ArrayList<>();
        for (String store : List.of("users", "quality")) {
            try (KeyValueIterator<byte[], byte[]> all = values(stage, store).all()) {
                all.forEachRemaining(entry -> entries.add(new Entry(store, entry.key, 0, entry.value)));
            }
        }
        try (KeyValueIterator<Windowed<byte[]>, byte[]> all = seen(stage).all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<byte[]>, byte[]> entry = all.next();
                entries.add(
                        new Entry("seen", entry.key.key(), entry.key.window().start(), entry.value));
            }
        }
        return entries;
    }

    private static KeyValueStore<byte[], byte[]> values(QualityStage stage, String store) {
        return stage.topology.driver.getKeyValueStore(store);
    }

    private static WindowStore<byte[], byte[]> seen(QualityStage stage) {
        return stage.topology.driver.getWindowStore("seen");
    }
}
