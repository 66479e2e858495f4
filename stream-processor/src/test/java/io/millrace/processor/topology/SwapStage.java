package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
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
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.ThreadBatches;
import io.millrace.topic.Topic;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology with generations that a test publishes; one thread, the test's own. */
final class SwapStage implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final Duration LATENESS = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Generations generations;
    private final StateMemory memory = new StateMemory(16 << 20);
    private final ThreadBatches batches;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> predictions;
    private final TestOutputTopic<byte[], byte[]> shadows;
    final TestOutputTopic<byte[], byte[]> deadLetters;
    private int sent;

    SwapStage(Path stateDir, Generation first) {
        generations = new Generations(first);
        batches = new ThreadBatches(generations, new ScoringMeters(registry));
        Properties settings = new StreamsSettings(
                        "unused:9092",
                        "test",
                        "test-1",
                        stateDir,
                        1,
                        Guarantee.EXACTLY_ONCE,
                        Duration.ofMillis(50),
                        1 << 20,
                        0,
                        1)
                .properties(memory);
        Quality quality = new Quality(
                new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)), registry);
        driver = new TopologyTestDriver(
                ScoringTopology.build(() -> new ScoreProcessor(batches, Duration.ofMillis(5), quality)), settings, NOW);
        ByteArraySerializer bytes = new ByteArraySerializer();
        events = driver.createInputTopic(Topic.USER_EVENTS.topicName(), bytes, bytes);
        predictions = output(Topic.PREDICTIONS);
        shadows = output(Topic.SHADOW_PREDICTIONS);
        deadLetters = output(Topic.DEAD_LETTERS);
    }

    private TestOutputTopic<byte[], byte[]> output(Topic topic) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return driver.createOutputTopic(topic.topicName(), bytes, bytes);
    }

    static Generation generation(long number, List<Manifest> standby, Route... routes) {
        return new Generation(number, List.of(routes), standby, LATENESS);
    }

    /** Publishes it and lets the thread's loop turn until it has taken it. */
    void swap(Generation next) {
        generations.publish(next);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!generations.isEverywhere(next.number())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not taken within " + PATIENCE);
            }
            turn();
        }
    }

    /** One loop of the thread. */
    void turn() {
        driver.advanceWallClockTime(Duration.ofMillis(1));
    }

    /** @return the event's id */
    String post(String user, String properties) {
        String id = "e" + sent++;
        Event event = new Event(
                new EventId(id),
                new Source("web"),
                user,
                null,
                EventKind.TRACK,
                "viewed",
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED));
        events.pipeInput(new TestRecord<>(event.user().text().getBytes(UTF_8), EventCodec.encode(event), NOW));
        return id;
    }

    List<Prediction> predictions() {
        return read(predictions);
    }

    List<Prediction> shadows() {
        return read(shadows);
    }

    private static List<Prediction> read(TestOutputTopic<byte[], byte[]> topic) {
        List<Prediction> all = new ArrayList<>();
        for (byte[] value : topic.readValuesToList()) {
            try {
                all.add(PredictionCodec.decode(value));
            } catch (DecodeException e) {
                throw new AssertionError(e);
            }
        }
        return all;
    }

    double count(String meter, String version, String role) {
        return registry.get(meter)
                .tag("version", version)
                .tag("role", role)
                .counter()
                .count();
    }

    /** A version of model "m" that runs one of the fixtures on the properties a to d. */
    static LoadedModel load(String version, String fixture) throws Exception {
        return load(version, fixture, List.of(property("a"), property("b"), property("c"), property("d")));
    }

    static LoadedModel load(String version, String fixture, List<FeatureSpec> features) throws Exception {
        byte[] artifact;
        try (InputStream in = SwapStage.class.getResourceAsStream("/torchscript/" + fixture + ".pt")) {
            artifact = Objects.requireNonNull(in, fixture).readAllBytes();
        }
        Manifest manifest = new Manifest(
                new ModelVersion("m", version),
                Manifest.Kind.TORCHSCRIPT,
                fixture + ".pt",
                Sha256.of(artifact),
                new Selection(List.of("viewed"), List.of()),
                features,
                null,
                List.of(Manifest.FEATURES),
                new Manifest.Output(0, Manifest.Output.Activation.NONE),
                "big",
                10,
                null,
                null,
                null,
                new Manifest.Provenance("nothing", "Apache-2.0", null, Map.of()));
        return LoadedModel.load(ModelFiles.of(manifest, artifact), ModelLimits.DEFAULT);
    }

    static FeatureSpec property(String name) {
        return new FeatureSpec.Property(name, name, null, 0, null, null);
    }

    @Override
    public void close() {
        driver.close();
        batches.close();
        memory.close();
    }
}
