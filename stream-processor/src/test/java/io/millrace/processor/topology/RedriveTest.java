package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.model.FeatureSpec;
import io.millrace.prediction.Prediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.ScoreStores;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a redriven event does to the state and to which models it goes. All models add up how many events there were and
 * the property a; those called picky throw where a is over 100, the others give the logarithm of the sum.
 */
class RedriveTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<FeatureSpec> FEATURES = List.of(
            new FeatureSpec.Count("views", List.of(), Duration.ofHours(1), null, null),
            FixtureModels.property("a"),
            FixtureModels.property("b"),
            FixtureModels.property("c"));

    private final List<LoadedModel> loaded = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Generations generations;
    private TopologyStage stage;
    private TestOutputTopic<byte[], byte[]> predictions;
    private TestOutputTopic<byte[], byte[]> deadLetters;
    private long letters;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        generations = new Generations(generation(1, load("m", "1", "picky"), load("n", "1", "logarithm")));
        stage = new TopologyStage(stateDir, generations, registry, NOON);
        predictions = stage.output(Topic.PREDICTIONS);
        deadLetters = stage.output(Topic.DEAD_LETTERS);
    }

    @AfterEach
    void stop() {
        stage.close();
        loaded.forEach(LoadedModel::close);
    }

    @Test
    void theModelThatRefusedScores_asOfTheEventsTime_andNothingElseHappens() throws Exception {
        stage.post(event("e0", 0, "{\"a\":150}"));
        // Counted in another pane of the window than e0, or e0 would see it too.
        stage.post(event("e1", 600, "{\"a\":1}"));
        assertThat(told()).containsExactly("n@1 e0 1.0 150.0", "m@1 e1 2.0 1.0", "n@1 e1 2.0 1.0");
        DeadLetter letter = letter();

        deploy(2, load("m", "2", "logarithm"), load("n", "1", "logarithm"));
        stage.post(refused(letter), redrive(letter, 3_600));

        assertThat(told()).containsExactly("m@2 e0 1.0 150.0");
        stage.post(event("e2", 900, "{}"));
        assertThat(told()).containsExactly("m@2 e2 3.0 0.0", "n@1 e2 3.0 0.0");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void oneLetterIsPutBackOnce_howeverOftenItIsDelivered_andTwoLettersOfAnEventTwice() throws Exception {
        deploy(2, load("m", "1", "picky"), load("n", "2", "picky"));
        stage.post(event("e0", 0, "{\"a\":150}"));
        DeadLetter byM = letter();
        DeadLetter byN = letter();
        deploy(3, load("m", "2", "logarithm"), load("n", "3", "logarithm"));

        Redrive first = redrive(byM, 3_600);
        stage.post(refused(byM), first);
        stage.post(refused(byM), first);
        stage.post(refused(byN), redrive(byN, 3_601));
        stage.post(event("e0", 7_200, "{\"a\":150}"));

        assertThat(told()).containsExactly("m@2 e0 1.0 150.0", "n@3 e0 1.0 150.0");
        assertThat(registry.counter("millrace.events.duplicate").count()).isEqualTo(2);
    }

    @Test
    void aLetterOfARedrive_countsTheTry_andKnowsItsModel() throws Exception {
        stage.post(event("e0", 0, "{\"a\":150}"));
        DeadLetter first = letter();

        stage.post(refused(first), redrive(first, 60));
        DeadLetter second = letter();
        deploy(2, load("n", "1", "logarithm"));
        stage.post(refused(second), redrive(second, 120));
        DeadLetter third = letter();

        assertThat(List.of(first.attempts(), second.attempts(), third.attempts()))
                .containsExactly(1, 2, 3);
        assertThat(third.detail()).contains("model m");
        assertThat(third.model()).isEqualTo("m@1");
        assertThat(third.stage()).isEqualTo(Stage.SCORE);
        assertThat(told()).containsExactly("n@1 e0 1.0 150.0");
    }

    @Test
    void anEventThatWasNeverTaken_goesTheWholeWay_unlessItCameAgain() throws Exception {
        Event event = event("e0", 0, "{\"a\":1}");
        stage.events.pipeInput("web:other".getBytes(UTF_8), EventCodec.encode(event));
        DeadLetter letter = letter();
        assertThat(letter.stage().isTaken()).isFalse();

        stage.post(refused(letter), redrive(letter, 30));
        assertThat(told()).containsExactly("m@1 e0 1.0 1.0", "n@1 e0 1.0 1.0");

        stage.events.pipeInput("web:other".getBytes(UTF_8), EventCodec.encode(event));
        DeadLetter again = letter();
        stage.post(refused(again), redrive(again, 60));
        assertThat(told()).isEmpty();
        stage.post(event("e1", 90, "{}"));
        assertThat(told()).containsExactly("m@1 e1 2.0 0.0", "n@1 e1 2.0 0.0");
    }

    @Test
    void whatThrewBeforeItWasCounted_isAsIfItHadNotCome() throws Exception {
        KeyValueStore<byte[], byte[]> users = stage.driver.getKeyValueStore(ScoreStores.USERS);
        byte[] key = "web:u1".getBytes(UTF_8);
        users.put(key, new byte[] {1});
        Event event = event("e0", 0, "{\"a\":1}");

        stage.post(event);
        assertThat(told()).isEmpty();
        users.delete(key);
        // Its dead letter goes by a handler, whose records the driver drops: this is what it says.
        stage.post(event, new Redrive(new LetterId(0, 99), 2, NOON.plusSeconds(60), false, null));

        assertThat(told()).containsExactly("m@1 e0 1.0 1.0", "n@1 e0 1.0 1.0");
    }

    private LoadedModel load(String name, String version, String fixture) throws Exception {
        LoadedModel model = FixtureModels.load(new ModelVersion(name, version), fixture, "viewed", FEATURES);
        loaded.add(model);
        return model;
    }

    private static Generation generation(long number, LoadedModel... champions) {
        return new Generation(
                number,
                Arrays.stream(champions)
                        .map(model -> Route.of(ActiveModel.champion(model)))
                        .toList(),
                List.of(),
                TopologyStage.LATENESS);
    }

    private void deploy(long number, LoadedModel... champions) {
        generations.publish(generation(number, champions));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!generations.isEverywhere(number)) {
            assertThat(System.nanoTime()).as("deployed in time").isLessThan(deadline);
            stage.driver.advanceWallClockTime(Duration.ofMillis(1));
        }
    }

    private static Event event(String id, long second, String properties) {
        Instant time = NOON.plusSeconds(second);
        return new Event(
                new EventId(id),
                new Source("web"),
                "u1",
                null,
                EventKind.TRACK,
                "viewed",
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
    }

    private Redrive redrive(DeadLetter letter, long second) {
        return Redrive.of(new LetterId(0, letters++), letter, NOON.plusSeconds(second));
    }

    private static Event refused(DeadLetter letter) throws DecodeException {
        return EventCodec.decode(Objects.requireNonNull(letter.payload()));
    }

    private DeadLetter letter() throws DecodeException {
        DeadLetter letter = DeadLetterCodec.decode(deadLetters.readValue());
        assertThat(letter.reason()).isIn(Reason.MODEL_FAILED, Reason.UNDECODABLE);
        return letter;
    }

    /** Each prediction: version, event, how many events it counted, and a. */
    private List<String> told() throws DecodeException {
        List<String> told = new ArrayList<>();
        for (byte[] value : predictions.readValuesToList()) {
            Prediction prediction = PredictionCodec.decode(value);
            float[] inputs = prediction.inputs().values();
            told.add(prediction.model() + " " + prediction.eventId().value() + " " + inputs[0] + " " + inputs[1]);
        }
        return told;
    }
}
