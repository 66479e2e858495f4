package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.QualityCodec;
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
import io.millrace.model.OutcomeSpec;
import io.millrace.model.Reference;
import io.millrace.model.Selection;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.ThreadBatches;
import io.millrace.quality.Drift;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import io.millrace.topic.Topic;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions and what their users do later, through the topology; the scores are the sums of four properties. */
@SuppressWarnings("NullAway.Init") // each test starts with the outcome that it is about
class QualityTopologyTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration WITHIN = Duration.ofMinutes(30);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final OutcomeSpec BOUGHT = new OutcomeSpec.Event(List.of("order_completed"), WITHIN);

    @TempDir
    private Path folder;

    private StateMemory memory;
    private LoadedModel model;
    private ThreadBatches batches;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestOutputTopic<byte[], byte[]> qualities;
    private final Map<String, QualityRecord> latest = new LinkedHashMap<>();
    private int posted;

    @AfterEach
    void stop() {
        driver.close();
        batches.close();
        model.close();
        memory.close();
    }

    @Test
    void isPositive_whenTheEventComesInTime_andNegativeWhenTheTimeIsOver() throws Exception {
        start(BOUGHT, 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        post("u1", "order_completed", NOON.plus(WITHIN), "{}");
        post("u2", "product_viewed", NOON, "{\"a\":0.25}");
        post("u2", "order_completed", NOON.plus(WITHIN).plusMillis(1), "{}");
        post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE), "{}");

        assertThat(known()).isEqualTo("predictions 2, known 1, positives 1");

        post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE).plusMillis(1), "{}");

        assertThat(known()).isEqualTo("predictions 2, known 2, positives 1");
        assertThat(all().auc()).isEqualTo(1.0);
        assertThat(all().brier()).isEqualTo((0.25 + 0.0625) / 2);
    }

    @Test
    void isNotItsOwnOutcome_norThatOfAnEventOfTheSameMillisecond() throws Exception {
        start(new OutcomeSpec.Event(List.of("product_viewed"), WITHIN), 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        assertThat(known()).isEqualTo("predictions 2, known 0, positives 0");

        post("u1", "product_viewed", NOON.plusMillis(1), "{\"a\":0.5}");
        assertThat(known()).isEqualTo("predictions 3, known 2, positives 2");
    }

    @Test
    void countsOnce_whenEventsAreSentAgain() throws Exception {
        start(BOUGHT, 16);
        Event viewed = event("u1", "product_viewed", NOON, "{\"a\":0.5}");
        Event bought = event("u1", "order_completed", NOON.plusSeconds(1), "{}");
        post(viewed);
        post(viewed);
        post(bought);
        post(bought);

        assertThat(known()).isEqualTo("predictions 1, known 1, positives 1");
    }

    @Test
    void findsTheOutcome_whenTheScoredEventComesAfterIt_orTheOutcomeComesLate() throws Exception {
        start(BOUGHT, 16);
        post("u1", "order_completed", NOON.plusSeconds(60), "{}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        assertThat(known()).isEqualTo("predictions 1, known 1, positives 1");

        post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE), "{}");
        post("u2", "order_completed", NOON.plusSeconds(60), "{}");
        assertThat(known()).isEqualTo("predictions 2, known 2, positives 2");
    }

    @Test
    void isDropped_whenNobodyCanTellAnyMore() throws Exception {
        start(BOUGHT, 16);
        post("u1", "order_completed", NOON.plusSeconds(3000), "{}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");

        assertThat(known()).isEqualTo("predictions 1, known 0, positives 0");
        assertThat(all().dropped()).isEqualTo(1);
    }

    @Test
    void isPositive_whenAbsent_andNegativeAtOnceWhenNot() throws Exception {
        start(new OutcomeSpec.Absence(List.of(), WITHIN), 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        post("u1", "product_removed", NOON.plusSeconds(1), "{}");
        assertThat(known()).isEqualTo("predictions 1, known 1, positives 0");

        post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE).plusMillis(1), "{}");
        assertThat(known()).isEqualTo("predictions 2, known 2, positives 1");
    }

    @Test
    void sums_overTheTime() throws Exception {
        start(new OutcomeSpec.Sum("total", List.of("order_completed"), WITHIN, 100), 16);
        Instant over = NOON.plus(WITHIN).plus(GRACE).plusMillis(1);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        post("u1", "order_completed", NOON.plusSeconds(1), "{\"total\":60}");
        post("u1", "order_completed", NOON.plusSeconds(2), "{\"total\":41}");
        assertThat(known()).isEqualTo("predictions 1, known 0, positives 0");
        post("u1", "product_removed", over, "{}");
        post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        post("u2", "order_completed", NOON.plusSeconds(1), "{\"total\":120}");
        post("u2", "order_completed", NOON.plusSeconds(2), "{\"total\":-20}");
        post("u2", "product_removed", over, "{}");

        assertThat(known()).isEqualTo("predictions 2, known 2, positives 1");
    }

    @Test
    void isKnownAtOnce_whenTheEventTellsItself() throws Exception {
        start(new OutcomeSpec.Property("bot", "true"), 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5,\"bot\":true}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5,\"bot\":false}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");

        assertThat(known()).isEqualTo("predictions 3, known 3, positives 1");
    }

    @Test
    void keepsASample_whenTooManyAreOpen() throws Exception {
        start(BOUGHT, 4);
        for (int i = 0; i < 10; i++) {
            post("u1", "product_viewed", NOON.plusSeconds(i), "{\"a\":0.5}");
        }
        post("u1", "order_completed", NOON.plusSeconds(60), "{}");

        assertThat(known()).isEqualTo("predictions 10, known 4, positives 4");
        assertThat(all().dropped()).isEqualTo(6);
    }

    @Test
    void isOver_whenTheUserDoesNotComeBack() throws Exception {
        start(BOUGHT, 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        driver.advanceWallClockTime(WITHIN);
        assertThat(known()).isEqualTo("predictions 1, known 0, positives 0");

        driver.advanceWallClockTime(GRACE.plusSeconds(60));

        assertThat(known()).isEqualTo("predictions 1, known 1, positives 0");
    }

    @Test
    void countsByWindow_ofThePredictionsTime() throws Exception {
        start(BOUGHT, 16);
        post("u1", "product_viewed", NOON.plus(Duration.ofMinutes(50)), "{\"a\":0.5}");
        post("u1", "product_viewed", NOON.plus(Duration.ofMinutes(60)), "{\"a\":0.5}");
        post("u1", "order_completed", NOON.plus(Duration.ofMinutes(70)), "{}");
        publish();

        assertThat(latest.keySet())
                .containsExactlyInAnyOrder(
                        "picky/1/champion/2026-11-22T12:00:00Z/0",
                        "picky/1/champion/2026-11-22T13:00:00Z/0",
                        "picky/1/champion/all/0");
        assertThat(figures("picky/1/champion/2026-11-22T12:00:00Z/0").positives())
                .isEqualTo(1);
    }

    @Test
    void measuresDrift_fromTheReference() throws Exception {
        Reference.Bins halves = new Reference.Bins(List.of(0.5f), List.of(0.5, 0.5));
        start(null, new Reference(100, Map.of("a", halves, "b", halves), halves), 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.25,\"b\":1}");
        post("u1", "product_viewed", NOON, "{\"a\":0.5,\"b\":1}");
        publish();

        QualityFigures all = all();
        Drift below = Drift.of(new long[] {2, 0}, halves.shares());
        Drift above = Drift.of(new long[] {0, 2}, halves.shares());
        assertThat(all.known()).isZero();
        assertThat(all.features()).isEqualTo(Map.of("a", below, "b", above));
        assertThat(all.score()).isEqualTo(above);
    }

    @Test
    void goesOn_afterARestart() throws Exception {
        start(BOUGHT, 16);
        post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        post("u2", "order_completed", NOON.plusSeconds(1), "{}");
        List<TestRecord<byte[], byte[]>> users = changelog("test-users-changelog");
        List<TestRecord<byte[], byte[]>> counts = changelog("test-quality-changelog");
        stop();

        start(BOUGHT, 16);
        KeyValueStore<byte[], byte[]> userStore = driver.getKeyValueStore("users");
        KeyValueStore<byte[], byte[]> countStore = driver.getKeyValueStore("quality");
        users.forEach(user -> userStore.put(user.key(), user.value()));
        counts.forEach(count -> countStore.put(count.key(), count.value()));
        post("u1", "order_completed", NOON.plusSeconds(1), "{}");

        assertThat(known()).isEqualTo("predictions 2, known 2, positives 2");
    }

    private List<TestRecord<byte[], byte[]>> changelog(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private String known() throws DecodeException {
        publish();
        QualityFigures all = all();
        return "predictions " + all.predictions() + ", known " + all.known() + ", positives " + all.positives();
    }

    private QualityFigures all() {
        return figures("picky/1/champion/all/0");
    }

    private QualityFigures figures(String key) {
        QualityRecord record =
                Objects.requireNonNull(latest.get(key), latest.keySet().toString());
        return QualityFigures.of(record.counts(), record.reference());
    }

    private void publish() throws DecodeException {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        for (byte[] value : qualities.readValuesToList()) {
            QualityRecord record = QualityCodec.decode(value);
            latest.put(record.key(), record);
        }
    }

    private void post(String user, String name, Instant time, String properties) {
        post(event(user, name, time, properties));
    }

    private void post(Event event) {
        events.pipeInput(new TestRecord<>(event.user().text().getBytes(UTF_8), EventCodec.encode(event), NOON));
    }

    private Event event(String user, String name, Instant time, String properties) {
        return new Event(
                new EventId("e" + posted++),
                new Source("web"),
                user,
                null,
                EventKind.TRACK,
                name,
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time.plus(Duration.ofHours(3)), time, EventTimes.Basis.RECEIVED));
    }

    private void start(OutcomeSpec outcome, int open) throws Exception {
        start(outcome, null, open);
    }

    private void start(@Nullable OutcomeSpec outcome, @Nullable Reference reference, int open) throws Exception {
        memory = new StateMemory(16 << 20);
        model = load(outcome, reference);
        Generation generation =
                new Generation(1, List.of(Route.of(ActiveModel.champion(model))), List.of(), Duration.ofHours(1));
        batches = new ThreadBatches(new Generations(generation), new ScoringMeters(new SimpleMeterRegistry()));
        Quality quality = new Quality(
                new QualityConfig(Duration.ofHours(1), GRACE, open, Duration.ofSeconds(1)), new SimpleMeterRegistry());
        Properties settings = new StreamsSettings(
                        "unused:9092",
                        "test",
                        "test-1",
                        folder,
                        1,
                        Guarantee.EXACTLY_ONCE,
                        Duration.ofMillis(50),
                        1 << 20,
                        0,
                        1)
                .properties(memory);
        driver = new TopologyTestDriver(
                ScoringTopology.build(() -> new ScoreProcessor(batches, Duration.ofMillis(5), quality)),
                settings,
                NOON.plus(Duration.ofHours(3)));
        events = driver.createInputTopic(
                Topic.USER_EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
        qualities = driver.createOutputTopic(
                Topic.MODEL_QUALITY.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static LoadedModel load(@Nullable OutcomeSpec outcome, @Nullable Reference reference) throws Exception {
        byte[] artifact;
        try (InputStream in = QualityTopologyTest.class.getResourceAsStream("/torchscript/picky.pt")) {
            artifact = Objects.requireNonNull(in).readAllBytes();
        }
        List<FeatureSpec> features = List.of(property("a"), property("b"), property("c"), property("d"));
        Manifest manifest = new Manifest(
                new ModelVersion("picky", "1"),
                Manifest.Kind.TORCHSCRIPT,
                "picky.pt",
                Sha256.of(artifact),
                new Selection(List.of("product_viewed"), List.of()),
                features,
                null,
                List.of(Manifest.FEATURES),
                new Manifest.Output(0, Manifest.Output.Activation.NONE),
                "big",
                0.3f,
                null,
                outcome,
                reference,
                new Manifest.Provenance("nothing", "Apache-2.0", null, Map.of()));
        return LoadedModel.load(ModelFiles.of(manifest, artifact), ModelLimits.DEFAULT);
    }

    private static FeatureSpec property(String name) {
        return new FeatureSpec.Property(name, name, null, 0, null, null);
    }
}
