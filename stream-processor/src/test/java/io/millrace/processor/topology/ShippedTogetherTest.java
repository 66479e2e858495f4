package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All models that Millrace ships run at once from one topology, each on the events that its manifest selects. */
final class ShippedTogetherTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void eachEvent_isScoredByItsModelAlone(@TempDir Path state) throws Exception {
        List<LoadedModel> models = new ArrayList<>();
        for (String name : ModelFiles.shippedNames()) {
            models.add(LoadedModel.load(ModelFiles.shipped(name), ModelLimits.DEFAULT));
        }
        try {
            List<Prediction> predictions = score(models, state, events());

            assertThat(predictions)
                    .extracting(
                            each -> each.eventId().value(), each -> each.model().name())
                    .contains(
                            tuple("view", "purchase-intent"),
                            tuple("add", "purchase-intent"),
                            tuple("first", "return-within-30-days"),
                            tuple("second", "return-within-30-days"),
                            tuple("edit-0", "automation"),
                            tuple("edit-29", "automation"))
                    .hasSize(2 + 2 + 30);
            assertThat(predictions).allMatch(each -> each.score() > 0 && each.score() < 1);
            assertThat(score(predictions, "second")).isGreaterThan(score(predictions, "first"));
            Inputs.Sequence steps = Objects.requireNonNull(predictions.stream()
                    .filter(each -> each.eventId().value().equals("edit-29"))
                    .findFirst()
                    .orElseThrow()
                    .inputs()
                    .sequence());
            assertThat(steps.steps()).isEqualTo(16);
        } finally {
            models.forEach(LoadedModel::close);
        }
    }

    @Test
    void selections_doNotOverlap() throws Exception {
        List<String> selected = new ArrayList<>();
        for (String name : ModelFiles.shippedNames()) {
            Manifest manifest = ModelFiles.shipped(name).manifest();
            selected.addAll(manifest.selects().events());
        }

        assertThat(selected).doesNotHaveDuplicates().hasSize(4);
    }

    private static float score(List<Prediction> predictions, String event) {
        return predictions.stream()
                .filter(each -> each.eventId().value().equals(event))
                .findFirst()
                .orElseThrow()
                .score();
    }

    private static List<Event> events() {
        List<Event> events = new ArrayList<>();
        events.add(event("view", "shopper", "product_viewed", 0, "{\"product_id\":\"p\",\"price\":12.5}"));
        events.add(event("add", "shopper", "product_added", 20, "{\"product_id\":\"p\",\"price\":12.5}"));
        String order = "{\"order_id\":\"o\",\"lines\":12,\"products\":12,\"items\":80,\"total\":250.5,"
                + "\"country\":\"United Kingdom\"}";
        events.add(event("first", "customer", "order_placed", 0, order));
        events.add(event("second", "customer", "order_placed", 6 * 24 * 3600, order));
        events.add(event("cancelled", "customer", "order_cancelled", 6 * 24 * 3600 + 60, order));
        for (int i = 0; i < 30; i++) {
            String edit = "{\"isMinor\":" + (i % 2 == 0) + ",\"isNew\":false,\"namespace\":\"Main\",\"page\":\"P" + i
                    + "\",\"channel\":\"#en.wikipedia\",\"delta\":17,\"added\":17,\"deleted\":0}";
            events.add(event("edit-" + i, "editor", "page_edited", i * 4, edit));
        }
        return events;
    }

    private static List<Prediction> score(List<LoadedModel> models, Path state, List<Event> events) throws Exception {
        Generation generation = new Generation(
                1,
                models.stream()
                        .map(model -> Route.of(ActiveModel.champion(model)))
                        .toList(),
                List.of(),
                TopologyStage.LATENESS);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        List<Prediction> predictions = new ArrayList<>();
        try (TopologyStage stage = new TopologyStage(state, new Generations(generation), registry, NOW)) {
            TestOutputTopic<byte[], byte[]> out = stage.output(Topic.PREDICTIONS);
            events.forEach(stage::post);
            stage.driver.advanceWallClockTime(Duration.ofSeconds(1));
            for (byte[] value : out.readValuesToList()) {
                predictions.add(PredictionCodec.decode(value));
            }
        }
        return predictions;
    }

    private static Event event(String id, String user, String name, int second, String properties) {
        Instant time = NOW.minus(Duration.ofDays(10)).plusSeconds(second);
        return new Event(
                new EventId(id),
                new Source("web"),
                user,
                null,
                EventKind.TRACK,
                name,
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
    }
}
