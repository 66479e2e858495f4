package io.millrace.processor.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.event.Event;
import io.millrace.identity.EventId;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.NetworkTrainer;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.ThreadBatches;
import io.millrace.processor.topology.Guarantee;
import io.millrace.processor.topology.ScoringTopology;
import io.millrace.processor.topology.StateMemory;
import io.millrace.processor.topology.StreamsSettings;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.EventOrder;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.ExampleBuilder;
import io.millrace.processor.train.example.Shoppers;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training learns from is what the stream serves: the same inputs and scores for the same events, bit for bit. */
final class TrainServeParityTest {
    private static final Duration LATENESS = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    /** One at a time: matrices of another shape may differ in a float32's last bit. */
    private static final ModelLimits ONE = new ModelLimits(1 << 20, Duration.ofSeconds(60), List.of(1));

    private static final Quality QUALITY = new Quality(
            new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)),
            new SimpleMeterRegistry());

    private final TrainConfig config = TrainConfig.read(Shoppers.EVERY_FEATURE.getBytes(UTF_8), "test");
    private final Path folder;

    TrainServeParityTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
    }

    @Test
    void inputsAndScores_areThoseOfTheTopology() throws Exception {
        List<Event> events = arrivals();
        List<Example> examples = new ExampleBuilder(config.manifest(), EventOrder.ofTopic(LATENESS)).build(events);
        Learner learner = Learner.network(config);
        ModelFiles files =
                learner.files(NetworkTrainer.fit(learner.set(examples), learner.settings(), epoch -> {}), 0.5f);

        Map<EventId, Prediction> predictions = new HashMap<>();
        try (LoadedModel model = LoadedModel.load(files, ONE)) {
            for (Prediction prediction : serve(model, events)) {
                predictions.put(prediction.eventId(), prediction);
            }
            assertThat(examples).hasSizeGreaterThan(700);
            try (Scorer scorer = model.newScorer()) {
                for (Example example : examples) {
                    Inputs inputs = example.inputs();
                    assertThat(predictions)
                            .extractingByKey(example.event().id())
                            .returns(inputs, Prediction::inputs)
                            .returns(scorer.score(List.of(inputs))[0], Prediction::score);
                }
            }
        }
    }

    /** As they come in: some late, some far too late, some twice; users who say who they are. */
    private static List<Event> arrivals() {
        Random random = new Random(6);
        List<Event> events = new ArrayList<>();
        for (Event event : Shoppers.events(8000, 25, 5)) {
            events.add(event);
            int second = 2 * events.size() - 1;
            if (random.nextInt(40) == 0) {
                events.add(Shoppers.identify("u" + random.nextInt(25), second, random.nextBoolean()));
            }
            if (random.nextInt(20) == 0) {
                events.add(events.get(random.nextInt(events.size())));
            }
        }
        for (int swap = 0; swap < 200; swap++) {
            int i = random.nextInt(events.size() - 40);
            Collections.swap(events, i, i + 1 + random.nextInt(39));
        }
        for (int late = 0; late < 5; late++) {
            Collections.swap(events, random.nextInt(500), events.size() - 1 - random.nextInt(500));
        }
        return events;
    }

    private List<Prediction> serve(LoadedModel model, List<Event> events) throws Exception {
        Generation generation = new Generation(1, List.of(Route.of(ActiveModel.champion(model))), List.of(), LATENESS);
        List<Prediction> predictions = new ArrayList<>();
        try (StateMemory memory = new StateMemory(16 << 20);
                ThreadBatches batches = new ThreadBatches(
                        new Generations(generation),
                        new ScoringMeters(new SimpleMeterRegistry()),
                        Duration.ofMillis(50),
                        1 << 20);
                TopologyTestDriver driver = new TopologyTestDriver(
                        ScoringTopology.build(() -> new ScoreProcessor(batches, Duration.ofMillis(5), QUALITY)),
                        settings(memory),
                        NOW)) {
            ByteArraySerializer write = new ByteArraySerializer();
            ByteArrayDeserializer read = new ByteArrayDeserializer();
            TestInputTopic<byte[], byte[]> in = driver.createInputTopic(Topic.USER_EVENTS.topicName(), write, write);
            TestOutputTopic<byte[], byte[]> out = driver.createOutputTopic(Topic.PREDICTIONS.topicName(), read, read);
            for (Event event : events) {
                in.pipeInput(new TestRecord<>(event.user().text().getBytes(UTF_8), EventCodec.encode(event), NOW));
            }
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            for (TestRecord<byte[], byte[]> record : out.readRecordsToList()) {
                predictions.add(PredictionCodec.decode(record.value()));
            }
        }
        return predictions;
    }

    private Properties settings(StateMemory memory) {
        return new StreamsSettings(
                        "unused:9092",
                        "parity",
                        "parity-1",
                        folder,
                        1,
                        Guarantee.EXACTLY_ONCE,
                        Duration.ofMillis(50),
                        0,
                        1)
                .properties(memory);
    }
}
