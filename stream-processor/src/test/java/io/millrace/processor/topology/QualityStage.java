package io.millrace.processor.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionHeaders;
import io.millrace.codec.QualityCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.layout.Layout;
import io.millrace.model.OutcomeSpec;
import io.millrace.model.Reference;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.StateGate;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A version of a model in the topology, and what is published of it; predictions are made of product_viewed. */
final class QualityStage implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final Duration GRACE = Duration.ofMinutes(5);
    private static final Instant NOW = NOON.plus(Duration.ofHours(3));

    final TopologyStage topology;
    /** The newest record of each key. */
    final Map<String, QualityRecord> latest = new LinkedHashMap<>();

    private final LoadedModel model;
    private final TestOutputTopic<byte[], byte[]> qualities;
    private int posted;

    QualityStage(Path folder, @Nullable OutcomeSpec outcome, @Nullable Reference reference, int open) throws Exception {
        this(folder, outcome, reference, open, Layout.FIRST, StateGate.open());
    }

    QualityStage(
            Path folder,
            @Nullable OutcomeSpec outcome,
            @Nullable Reference reference,
            int open,
            Layout layout,
            StateGate gate)
            throws Exception {
        ModelVersion picky = new ModelVersion("picky", "1");
        model = FixtureModels.load(
                picky, "picky", "product_viewed", FixtureModels.PROPERTIES, 0.3f, outcome, reference);
        Generation generation =
                new Generation(1, List.of(Route.of(ActiveModel.champion(model))), List.of(), TopologyStage.LATENESS);
        QualityConfig judged = new QualityConfig(Duration.ofHours(1), GRACE, open, Duration.ofSeconds(1));
        topology = new TopologyStage(
                folder,
                new Generations(generation),
                new SimpleMeterRegistry(),
                judged,
                NOW,
                layout,
                gate,
                PredictionHeaders.NONE);
        qualities = topology.output(Topic.MODEL_QUALITY);
    }

    List<TestRecord<byte[], byte[]>> changelog(String topic) {
        return topology.output(topic).readRecordsToList();
    }

    String known() throws DecodeException {
        publish();
        QualityFigures all = all();
        return "predictions " + all.predictions() + ", known " + all.known() + ", positives " + all.positives();
    }

    QualityFigures all() {
        return figures("picky/1/champion/all/0");
    }

    QualityFigures figures(String key) {
        QualityRecord record =
                Objects.requireNonNull(latest.get(key), latest.keySet().toString());
        return QualityFigures.of(record.counts(), record.reference());
    }

    void publish() throws DecodeException {
        topology.driver.advanceWallClockTime(Duration.ofSeconds(1));
        for (byte[] value : qualities.readValuesToList()) {
            QualityRecord record = QualityCodec.decode(value);
            latest.put(record.key(), record);
        }
    }

    void post(String user, String name, Instant time, String properties) {
        post(event(user, name, time, properties));
    }

    void post(Event event) {
        topology.post(event);
    }

    Event event(String user, String name, Instant time, String properties) {
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

    @Override
    public void close() {
        topology.close();
        model.close();
    }
}
