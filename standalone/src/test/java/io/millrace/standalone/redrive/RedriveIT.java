package io.millrace.standalone.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PipelineCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.StreamThreads;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.prediction.Prediction;
import io.millrace.processor.store.LetterUser;
import io.millrace.standalone.run.ChildMillrace;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole turn: events are refused by a model, at the door and on the topic; their letters are found and counted; the cause
 * is mended; they are put back by a redrive that is killed and run again. In the end each has one prediction and one row.
 */
class RedriveIT {
    private static final int EVENTS = 40;
    /** Every fourth makes version 1 throw. */
    private static final int THROWN = EVENTS / 4;

    private static final String PIPELINE = "pipeline";

    @Test
    void everyRefusedEventIsScoredOnce_whileTheRedriveIsKilled(@TempDir Path folder) throws Exception {
        try (RedriveStage stage = new RedriveStage(folder)) {
            List<String> events = refuse(stage);
            RedriveStage.until(
                    "all letters are stored",
                    () -> stage.ask("/v1/dead-letters/counts").path("total").asLong() == THROWN + 4);
            assertThat(stage.ask("/v1/dead-letters/counts?reason=model_failed").toString())
                    .isEqualTo(
                            "{\"total\":10,\"counts\":[{\"reason\":\"model_failed\",\"stage\":\"score\",\"redriven\":false,"
                                    + "\"count\":10}]}");
            assertThat(stage.redriver(Choice.ALL, 3).rehearse())
                    .isEqualTo(new RedriveReport(
                            THROWN + 4,
                            THROWN + 4,
                            THROWN + 2,
                            THROWN + 2,
                            Map.of(
                                    "still no event by the present rules",
                                    1L,
                                    "longer than what dead letters keep",
                                    1L)));

            stage.deploySecond();
            killOne(stage, folder.resolve("redrive.log"));
            RedriveReport again = stage.redriver(Choice.ALL, 3).run();

            long before = again.stayed().getOrDefault("put back before", 0L);
            assertThat(before).isBetween(2L, THROWN + 1L);
            assertThat(again.putBack()).isEqualTo(THROWN + 2 - before);
            assertThat(stage.records(Topic.REDRIVES)).hasSize(THROWN + 2);
            holdToOnce(stage, events);

            RedriveReport nothing = stage.redriver(Choice.ALL, 3).run();
            assertThat(nothing.putBack()).isZero();
            assertThat(nothing.stayed()).containsEntry("put back before", THROWN + 2L);
            RedriveStage.until(
                    "the store knows what was put back",
                    () -> stage.ask("/v1/dead-letters/counts?redriven=true")
                                    .path("total")
                                    .asLong()
                            == THROWN + 2);
            assertThat(stage.ask("/v1/dead-letters?redriven=false").findValuesAsText("hex"))
                    .contains("ff6162");

            aHeaderFromOutside_isNoRedrive(stage, events);
            anotherEndsTheFirst(stage);
            whoWasErased_staysSo(stage);
            whatMoves_isWaitedFor(stage);
        }
    }

    /** @return the ids of all events that can be scored in the end */
    private static List<String> refuse(RedriveStage stage) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String id = "e" + i;
            ids.add(id);
            assertThat(stage.post("{\"id\":\"" + id + "\",\"userId\":\"u" + i % 5
                            + "\",\"name\":\"viewed\",\"properties\":{\"f0\":" + (i % 4 == 0 ? 150 : 1 + i) + "}}"))
                    .isEqualTo(202);
        }
        ids.add("large");
        assertThat(stage.post(
                        "{\"id\":\"large\",\"userId\":\"u1\",\"name\":\"viewed\",\"properties\":{\"f0\":2,\"text\":\""
                                + "x".repeat(RedriveStage.EVENT_BYTES) + "\"}}"))
                .isEqualTo(400);
        stage.produce(Topic.USER_EVENTS.topicName(), "web:u1".getBytes(UTF_8), new byte[] {(byte) 0xff, 'a', 'b'});
        // Quoted at full length, its letter would be larger than what its topic takes.
        stage.produce(
                Topic.USER_EVENTS.topicName(),
                "k".repeat(400_000).getBytes(UTF_8),
                ("{\"id\":\"e\",\"source\":\"web\",\"kind\":\"" + "k".repeat(500_000) + "\"}").getBytes(UTF_8));
        ids.add("astray");
        stage.produce(Topic.USER_EVENTS.topicName(), "no key of it".getBytes(UTF_8), EventCodec.encode(astray()));
        return ids;
    }

    private static Event astray() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Event(
                new EventId("astray"),
                new Source("web"),
                "u2",
                null,
                EventKind.TRACK,
                "viewed",
                JsonObject.of("{\"f0\":3}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, now, now, EventTimes.Basis.RECEIVED));
    }

    /** A process that puts one back a second is killed when it has put back two. */
    private static void killOne(RedriveStage stage, Path log) throws Exception {
        ChildMillrace child = ChildMillrace.start(log, "redrive", "--kafka", stage.broker.bootstrap(), "--rate", "1");
        RedriveStage.until(
                "two are put back", () -> stage.records(Topic.REDRIVES).size() >= 2);
        child.kill();
    }

    private static void holdToOnce(RedriveStage stage, List<String> events) throws Exception {
        RedriveStage.until("all are stored", () -> stage.rows("SELECT count(*) FROM predictions") >= events.size());
        List<String> predicted = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : stage.records(Topic.PREDICTIONS)) {
            Prediction prediction = PredictionCodec.decode(record.value());
            predicted.add(prediction.eventId().value());
        }
        assertThat(predicted).containsExactlyInAnyOrderElementsOf(events);
        assertThat(stage.rows("SELECT count(DISTINCT event_id) FROM predictions"))
                .isEqualTo(events.size());
        assertThat(stage.rows("SELECT count(*) FROM predictions")).isEqualTo(events.size());
    }

    private static void aHeaderFromOutside_isNoRedrive(RedriveStage stage, List<String> events) throws Exception {
        String redrive = "{\"letter\":\"0-9999\",\"attempt\":2,\"at\":\""
                + Instant.now().truncatedTo(ChronoUnit.MILLIS) + "\",\"taken\":true}";
        stage.post(
                "{\"id\":\"e0\",\"userId\":\"u0\",\"name\":\"viewed\",\"properties\":{\"f0\":150}}",
                RecordHeaders.REDRIVE,
                redrive);
        stage.post("{\"id\":\"last\",\"userId\":\"u0\",\"name\":\"viewed\",\"properties\":{\"f0\":1}}");
        events.add("last");

        holdToOnce(stage, events);
        assertThat(stage.records(Topic.USER_EVENTS))
                .filteredOn(record -> record.headers().lastHeader(RecordHeaders.REDRIVE) != null)
                .hasSize(THROWN + 2);
    }

    private static void anotherEndsTheFirst(RedriveStage stage) throws Exception {
        RedriveConfig config = new RedriveConfig(
                stage.broker.bootstrap(),
                Choice.ALL,
                3,
                10,
                new io.millrace.ingest.validate.ValidationLimits(1, 1, 1, java.time.Duration.ZERO),
                java.time.Duration.ofMinutes(1));
        try (PipelineFollower pipeline = PipelineFollower.start(config.bootstrap(), "test", sighting -> {});
                EventWriter first = EventWriter.take(config, pipeline);
                EventWriter second = EventWriter.take(config, pipeline)) {
            Redrive redrive = new Redrive(new LetterId(0, 9_999), 2, Instant.now(), false, null);

            assertThatThrownBy(() -> first.write(List.of(new EventWriter.Letter(redrive, List.of(), null))))
                    .isInstanceOf(RedriveFailedException.class)
                    .hasMessageContaining("another redrive");
            second.write(List.of());
        }
        assertThat(stage.records(Topic.REDRIVES)).hasSize(THROWN + 2);
    }

    /** Neither a redrive nor who reads the letters again brings an erased user back. */
    private static void whoWasErased_staysSo(RedriveStage stage) throws Exception {
        refuseTooLarge(stage, "gone");
        ConsumerRecord<byte[], byte[]> letter = letterOf(stage, "gone");
        stage.erase("gone");
        RedriveStage.until(
                "its letters are deleted",
                () -> stage.rows("SELECT count(*) FROM erasures") == 1
                        && stage.rows("SELECT count(*) FROM dead_letters WHERE user_id = 'gone'") == 0);
        refuseTooLarge(stage, "other");

        byte[] key = {1};
        stage.produce(Topic.DEAD_LETTERS.topicName(), key, letter.value());
        stage.produce(
                Topic.DEAD_LETTERS.topicName(), key, letterOf(stage, "other").value());
        RedriveStage.until(
                "what comes behind it is stored",
                () -> stage.rows("SELECT count(*) FROM dead_letters WHERE user_id = 'other'") == 2);
        assertThat(stage.rows("SELECT count(*) FROM dead_letters WHERE user_id = 'gone'"))
                .isZero();
        RedriveReport report = stage.redriver(Choice.ALL, 3).rehearse();
        assertThat(report.stayed()).containsEntry("of a user that was erased since", 2L);
        assertThat(report.putBack()).isEqualTo(2);
    }

    private static void refuseTooLarge(RedriveStage stage, String user) throws Exception {
        assertThat(stage.post("{\"userId\":\"" + user + "\",\"name\":\"viewed\",\"properties\":{\"f0\":2,\"text\":\""
                        + "x".repeat(RedriveStage.EVENT_BYTES) + "\"}}"))
                .isEqualTo(400);
        RedriveStage.until(
                "its letter is stored",
                () -> stage.rows("SELECT count(*) FROM dead_letters WHERE user_id = '" + user + "'") == 1);
    }

    private static ConsumerRecord<byte[], byte[]> letterOf(RedriveStage stage, String user) throws Exception {
        for (ConsumerRecord<byte[], byte[]> record : stage.records(Topic.DEAD_LETTERS)) {
            if (user.equals(LetterUser.of(DeadLetterCodec.decode(record.value())))) {
                return record;
            }
        }
        throw new AssertionError("no letter of " + user);
    }

    private static void whatMoves_isWaitedFor(RedriveStage stage) throws Exception {
        Pipeline moving = new Pipeline(
                1,
                new Layout(1, 3),
                Pipeline.Phase.PREPARING,
                new Layout(2, 4),
                2,
                List.of(),
                StreamThreads.AS_SET,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        stage.produce(PIPELINE, PIPELINE.getBytes(UTF_8), PipelineCodec.encode(moving));

        Choice choice = new Choice(null, Reason.MODEL_FAILED, null, null, null, null, null, null);
        assertThatThrownBy(() -> stage.redriver(choice, 3).run())
                .isInstanceOf(RedriveFailedException.class)
                .hasMessageContaining("being moved");
    }
}
