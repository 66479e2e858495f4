package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.PredictionHeaders;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.layout.Layout;
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.StateGate;
import io.millrace.topic.Topic;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever reads predictions with the SDK of CloudEvents gets. */
class CloudEventPredictionsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void areCloudEvents_whereASourceIsSet(@TempDir Path folder) throws Exception {
        TestRecord<byte[], byte[]> of = prediction(folder, PredictionHeaders.cloudEvents(URI.create("/millrace")));

        CloudEvent event;
        try (CloudEventDeserializer deserializer = new CloudEventDeserializer()) {
            event = deserializer.deserialize(Topic.PREDICTIONS.topicName(), of.headers(), of.value());
        }

        Prediction prediction = PredictionCodec.decode(of.value());
        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(event.getId()).isEqualTo(prediction.id().toString());
        assertThat(event.getSource()).isEqualTo(URI.create("/millrace"));
        assertThat(event.getType()).isEqualTo("io.millrace.prediction.v1");
        assertThat(Objects.requireNonNull(event.getTime()).toInstant()).isEqualTo(prediction.scoredAt());
        assertThat(event.getSubject()).isEqualTo("ü 1");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(Objects.requireNonNull(event.getData()).toBytes()).isEqualTo(of.value());
        assertThat(event.getExtensionNames()).isEmpty();
    }

    /** What the setting's description says that it costs. */
    @Test
    void costAbout160BytesOfHeaders_andNothingWhereNoSourceIsSet(@TempDir Path with, @TempDir Path without)
            throws Exception {
        int plain = bytes(prediction(without, PredictionHeaders.NONE));
        int more = bytes(prediction(with, PredictionHeaders.cloudEvents(URI.create("/millrace"))));

        assertThat(plain).isLessThan(100);
        assertThat(more - plain).isBetween(140, 180);
    }

    private static int bytes(TestRecord<byte[], byte[]> record) {
        int bytes = 0;
        for (Header header : record.headers()) {
            // A byte each for the two lengths (KIP-82).
            bytes += header.key().length() + header.value().length + 2;
        }
        return bytes;
    }

    private static TestRecord<byte[], byte[]> prediction(Path folder, PredictionHeaders headers) throws Exception {
        try (LoadedModel model = FixtureModels.load(
                        new ModelVersion("picky", "1"), "picky", "product_viewed", FixtureModels.PROPERTIES);
                TopologyStage stage = new TopologyStage(
                        folder,
                        new Generations(new Generation(
                                1, List.of(Route.of(ActiveModel.champion(model))), List.of(), TopologyStage.LATENESS)),
                        new SimpleMeterRegistry(),
                        new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)),
                        NOW,
                        Layout.FIRST,
                        StateGate.open(),
                        headers)) {
            stage.post(new Event(
                    new EventId("e1"),
                    new Source("web"),
                    "ü 1",
                    null,
                    EventKind.TRACK,
                    "product_viewed",
                    JsonObject.of("{\"a\":1}"),
                    JsonObject.EMPTY,
                    JsonObject.EMPTY,
                    new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED)));
            TestRecord<byte[], byte[]> record = stage.output(Topic.PREDICTIONS).readRecord();
            assertThat(new String(record.key(), UTF_8)).isEqualTo("web:ü 1");
            return record;
        }
    }
}
