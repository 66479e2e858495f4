package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.ErasureCodec;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.ProfileCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Erasure;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.event.Profile;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology's logic, with a real model; time, commits and rebalances are the end-to-end test's. */
class ScoringTopologyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ModelVersion PICKY = new ModelVersion("picky", "1");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LoadedModel picky;
    private LoadedModel logarithm;
    private TopologyStage stage;
    private TestOutputTopic<byte[], byte[]> predictions;
    private TestOutputTopic<byte[], byte[]> profiles;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        picky = FixtureModels.load(PICKY, "picky", "product_viewed", FixtureModels.PROPERTIES);
        ModelVersion other = new ModelVersion("logarithm", "1");
        logarithm = FixtureModels.load(other, "logarithm", "order_completed", FixtureModels.PROPERTIES);
        Generation generation = new Generation(
                1,
                List.of(Route.of(ActiveModel.champion(picky)), Route.of(ActiveModel.champion(logarithm))),
                List.of(),
                TopologyStage.LATENESS);
        stage = new TopologyStage(stateDir, new Generations(generation), registry, NOW);
        predictions = stage.output(Topic.PREDICTIONS);
        profiles = stage.output(Topic.USER_PROFILES);
        deadLetters = stage.output(Topic.DEAD_LETTERS);
    }

    @AfterEach
    void stop() {
        stage.close();
        picky.close();
        logarithm.close();
    }

    @Test
    void predicts_whenAModelSelectsTheEvent() throws Exception {
        post(event("e1", "product_viewed", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4.5}"));

        TestRecord<byte[], byte[]> record = predictions.readRecord();
        Prediction prediction = PredictionCodec.decode(record.value());
        assertThat(new String(record.key(), UTF_8)).isEqualTo("web:u1");
        assertThat(prediction.id()).isEqualTo(PredictionId.of(new Source("web"), new EventId("e1"), PICKY));
        assertThat(prediction.score()).isEqualTo(10.5f);
        assertThat(prediction.label()).isEqualTo("big");
        assertThat(prediction.role()).isEqualTo(Role.CHAMPION);
        assertThat(prediction.inputs().values()).containsExactly(1f, 2f, 3f, 4.5f);
        assertThat(prediction.sha256()).isEqualTo(picky.manifest().sha256());
        assertThat(predictions.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void predictsInOrder_whenAUserSendsMany() throws Exception {
        for (int i = 0; i < 50; i++) {
            post(event("e" + i, "product_viewed", "{\"a\":" + i + "}"));
        }

        for (int i = 0; i < 50; i++) {
            Prediction prediction = PredictionCodec.decode(predictions.readValue());
            assertThat(prediction.eventId().value()).isEqualTo("e" + i);
            assertThat(prediction.score()).isEqualTo((float) i);
        }
    }

    @Test
    void predictsOnce_whenAnEventIsSentAgain() {
        Event event = event("e1", "product_viewed", "{\"a\":1}");

        post(event);
        post(event);

        assertThat(predictions.readValuesToList()).hasSize(1);
        assertThat(registry.counter("millrace.events.duplicate").count()).isEqualTo(1);
    }

    @Test
    void staysSilent_whenNoModelSelectsTheEvent() {
        post(event("e1", "product_removed", "{}"));

        assertThat(predictions.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void goesToDeadLetters_whenTheModelThrows_andTheStreamGoesOn() throws Exception {
        post(event("bad", "product_viewed", "{\"a\":101}"));
        post(event("good", "product_viewed", "{\"a\":1}"));

        DeadLetter letter = DeadLetterCodec.decode(deadLetters.readValue());
        assertThat(letter.reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(letter.eventId()).isEqualTo("bad");
        assertThat(letter.model()).isEqualTo("picky@1");
        assertThat(letter.origin()).isEqualTo(new DeadLetter.Origin(Topic.USER_EVENTS.topicName(), 0, 0));
        assertThat(EventCodec.decode(Objects.requireNonNull(letter.payload())).id())
                .isEqualTo(new EventId("bad"));
        assertThat(PredictionCodec.decode(predictions.readValue()).eventId().value())
                .isEqualTo("good");
    }

    @Test
    void goesToDeadLetters_whenTheScoreIsNotANumber() throws Exception {
        post(event("e1", "order_completed", "{\"a\":-1}"));
        post(event("e2", "order_completed", "{\"a\":1}"));

        DeadLetter letter = DeadLetterCodec.decode(deadLetters.readValue());
        assertThat(letter.reason()).isEqualTo(Reason.SCORE_NOT_FINITE);
        assertThat(letter.eventId()).isEqualTo("e1");
        Prediction prediction = PredictionCodec.decode(predictions.readValue());
        assertThat(prediction.eventId().value()).isEqualTo("e2");
        assertThat(prediction.role()).isEqualTo(Role.CHAMPION);
        assertThat(prediction.label()).isEqualTo("not_big");
    }

    /** A record that cannot be decoded at all needs a real broker: the driver drops what its handler sends. */
    @Test
    void goesToDeadLetters_whenTheRecordIsNoEventOfItsKey() throws Exception {
        stage.events.pipeInput(new TestRecord<>("web:u1".getBytes(UTF_8), null));
        stage.events.pipeInput(
                "web:other".getBytes(UTF_8), EventCodec.encode(event("e1", "product_viewed", "{\"a\":1}")));
        post(event("e2", "product_viewed", "{\"a\":1}"));

        assertThat(DeadLetterCodec.decode(deadLetters.readValue()).reason()).isEqualTo(Reason.TOMBSTONE);
        assertThat(DeadLetterCodec.decode(deadLetters.readValue()).detail()).contains("web:u1");
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(predictions.readValuesToList()).hasSize(1);
    }

    @Test
    void updatesTheProfile_whenIdentified() throws Exception {
        Event identify = new Event(
                new EventId("i1"),
                new Source("web"),
                "u1",
                null,
                EventKind.IDENTIFY,
                null,
                JsonObject.EMPTY,
                JsonObject.of("{\"plan\":\"pro\"}"),
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED));

        post(identify);

        Profile profile = ProfileCodec.decode(profiles.readValue());
        assertThat(profile.user()).isEqualTo(identify.user());
        assertThat(profile.traits()).isEqualTo(identify.traits());
        assertThat(stage.driver.producedTopicNames()).contains("test-users-changelog");
    }

    @Test
    void forgetsTheUser_whenItIsErased_andBeginsAfresh() throws Exception {
        Event first = event("e1", "product_viewed", "{\"a\":1}");
        post(identify("i1"));
        post(first);
        post(new Event(
                new EventId("e1"),
                new Source("web"),
                "other",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"a\":1}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED)));
        profiles.readValue();

        Event order = new Event(
                new EventId("erase-1"),
                new Source("web"),
                "u1",
                null,
                EventKind.ERASE,
                null,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED));
        post(order);
        post(order);

        assertThat(stage.driver.getKeyValueStore("users").get("web:u1".getBytes(UTF_8)))
                .isNull();
        assertThat(profiles.readRecordsToList()).hasSize(1).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo("web:u1".getBytes(UTF_8));
            assertThat(record.value()).isNull();
        });
        TestOutputTopic<byte[], byte[]> erasures = stage.output(Topic.ERASURES);
        Erasure erasure = ErasureCodec.decode(erasures.readValue());
        assertThat(erasure).isEqualTo(Erasure.of(order.user(), NOW));
        assertThat(erasures.isEmpty())
                .as("an order that comes twice is obeyed once")
                .isTrue();

        List<byte[]> before = predictions.readValuesToList();
        assertThat(before).hasSize(1);
        post(first);
        Prediction again = PredictionCodec.decode(predictions.readValue());
        assertThat(again.scoredAt()).as("what is made later is not meant").isAfter(erasure.at());
        assertThat(PredictionCodec.decode(before.get(0)).scoredAt()).isBeforeOrEqualTo(erasure.at());
        assertThat(profiles.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    private static Event identify(String id) {
        return new Event(
                new EventId(id),
                new Source("web"),
                "u1",
                null,
                EventKind.IDENTIFY,
                null,
                JsonObject.EMPTY,
                JsonObject.of("{\"plan\":\"pro\"}"),
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED));
    }

    private void post(Event event) {
        stage.post(event);
    }

    private static Event event(String id, String name, String properties) {
        return new Event(
                new EventId(id),
                new Source("web"),
                "u1",
                null,
                EventKind.TRACK,
                name,
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, NOW, NOW, EventTimes.Basis.RECEIVED));
    }
}
