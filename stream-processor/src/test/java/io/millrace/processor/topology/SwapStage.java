package io.millrace.processor.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.TestOutputTopic;

/** The topology with generations that a test publishes; one thread, the test's own. */
final class SwapStage implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Generations generations;
    private final TopologyStage stage;
    private final TestOutputTopic<byte[], byte[]> predictions;
    private final TestOutputTopic<byte[], byte[]> shadows;
    final TestOutputTopic<byte[], byte[]> deadLetters;
    private int sent;

    SwapStage(Path stateDir, Generation first) {
        generations = new Generations(first);
        stage = new TopologyStage(stateDir, generations, registry, NOW);
        predictions = stage.output(Topic.PREDICTIONS);
        shadows = stage.output(Topic.SHADOW_PREDICTIONS);
        deadLetters = stage.output(Topic.DEAD_LETTERS);
    }

    static Generation generation(long number, List<Manifest> standby, Route... routes) {
        return new Generation(number, List.of(routes), standby, TopologyStage.LATENESS);
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
        stage.driver.advanceWallClockTime(Duration.ofMillis(1));
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
        stage.post(event);
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
        return load(version, fixture, FixtureModels.PROPERTIES);
    }

    static LoadedModel load(String version, String fixture, List<FeatureSpec> features) throws Exception {
        return FixtureModels.load(new ModelVersion("m", version), fixture, "viewed", features);
    }

    @Override
    public void close() {
        stage.close();
    }
}
