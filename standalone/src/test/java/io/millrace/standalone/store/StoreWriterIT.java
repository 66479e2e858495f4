package io.millrace.standalone.store;

import static io.millrace.standalone.store.StoreStage.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.query.Answer;
import io.millrace.ingest.query.PredictionQuery;
import io.millrace.ingest.query.Predictions;
import io.millrace.ingest.query.QueryConfig;
import io.millrace.processor.observe.Trail;
import io.millrace.processor.store.StoreRebuild;
import io.millrace.processor.store.StoreSchema;
import io.millrace.processor.store.StoreWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can befall the store's writer, in one file: each case is a few lines on the same stage. */
class StoreWriterIT {
    @TempDir
    Path folder = Path.of("");

    private @Nullable StoreStage opened;

    @BeforeEach
    void open() throws Exception {
        opened = new StoreStage(folder);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private StoreStage stage() {
        return Objects.requireNonNull(opened);
    }

    @Test
    void readersSeeTheBytesOfTheTopic_whenStored() {
        StoreStage stage = stage();
        stage.produce(0, 50, true);
        QueryConfig config = new QueryConfig(
                stage.login(), 2, Duration.ofSeconds(2), Duration.ofSeconds(10), 4L << 20, 1, Duration.ofHours(24));

        try (StoreWriter writer = stage.startWriter(1_000);
                Predictions reader = new Predictions(config, new SimpleMeterRegistry())) {
            until("50 rows", () -> stage.rows() == 50);

            Answer answer = reader.read(PredictionQuery.newest(1_000).build());
            assertThat(answer).isInstanceOf(Answer.Page.class);
            assertThat(((Answer.Page) answer)
                            .predictions().stream()
                                    .map(json -> new String(json, StandardCharsets.UTF_8))
                                    .toList())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 50)
                            .mapToObj(i ->
                                    new String(PredictionCodec.encode(stage.prediction(i)), StandardCharsets.UTF_8))
                            .toList());
            until("health", () -> writer.health().connected() && writer.health().lag() == 0);
        }
    }

    @Test
    void theRebuiltStoreIsTheOldOne_whenRowsAreLostAndTheRebuildIsKilled() throws Exception {
        StoreStage stage = stage();
        stage.produce(0, 600, true);
        try (StoreWriter writer = stage.startWriter(100)) {
            until("600 rows", () -> stage.rows() == 600 && writer.health().lag() == 0);
            String before = stage.content();
            stage.execute("DELETE FROM predictions WHERE id::text < '8'");
            assertThat(stage.rows()).isBetween(1L, 599L);

            try (StoreRebuild killed = new StoreRebuild(stage.config(100), Clock.systemUTC())) {
                assertThatThrownBy(() -> killed.run(null, false, progress -> {
                            if (progress.done() > 0) {
                                throw new IllegalStateException("killed");
                            }
                        }))
                        .hasMessage("killed");
            }
            Instant later = Instant.now();
            stage.produce(600, 700, true);
            long first;
            try (StoreRebuild rebuild = new StoreRebuild(stage.config(100), Clock.systemUTC())) {
                first = rebuild.plan(null).done();
                assertThat(first).as("what the killed one has done is kept").isPositive();
                StoreRebuild.Progress done = rebuild.run(null, false, progress -> {});
                assertThat(done.done()).isEqualTo(done.total());
            }
            until("the writer's own", () -> stage.rows() == 700);
            stage.execute(
                    "DELETE FROM predictions WHERE event_id >= 'event-6' AND substring(event_id from 7)::int >= 600");
            assertThat(stage.content()).isEqualTo(before);

            stage.execute("TRUNCATE predictions");
            try (StoreRebuild rebuild = new StoreRebuild(stage.config(100), Clock.systemUTC())) {
                assertThat(rebuild.plan(null).done())
                        .as("a finished one leaves nothing behind")
                        .isZero();
                assertThat(rebuild.run(later, false, progress -> {}).written())
                        .as("what was received later")
                        .isEqualTo(100);
                assertThat(rebuild.run(null, false, progress -> {}).written()).isEqualTo(600);
                assertThat(rebuild.run(null, false, progress -> {}).written())
                        .as("there is nothing left to write")
                        .isZero();
            }
            assertThat(stage.rows()).isEqualTo(700);
        }
    }

    @Test
    void beginsAnew_whenTheTopicIsMadeAnew() throws Exception {
        StoreStage stage = stage();
        stage.produce(0, 50, true);
        try (StoreWriter writer = stage.startWriter(100)) {
            until("50 rows", () -> stage.rows() == 50 && writer.health().lag() == 0);
        }
        stage.makeAnew();
        // More than there were before: by its offsets alone the new topic cannot be told from the old one.
        stage.produce(100, 300, true);

        try (StoreWriter writer = stage.startWriter(100)) {
            until(
                    "all of the new topic",
                    () -> stage.rows() == 250 && writer.health().lag() == 0);
        }
    }

    @Test
    void storesCommittedPredictionsOnce_whenTransactionsAbortAndTheWriterIsRestarted() {
        StoreStage stage = stage();
        stage.produce(0, 300, true);
        stage.produce(300, 400, false);
        try (StoreWriter writer = stage.startWriter(100)) {
            until("the first 300", () -> stage.rows() >= 300);
            assertThat(writer.health().connected()).isTrue();
        }
        stage.produce(400, 700, true);
        stage.produce(200, 500, true);

        try (StoreWriter writer = stage.startWriter(100)) {
            until("no lag", () -> stage.rows() >= 700 && writer.health().lag() == 0);
        }

        assertThat(stage.rows()).isEqualTo(700);
        assertThat(stage.counted("millrace.store.records", "inserted")).isEqualTo(700);
        // 200 of the third transaction were there from the first and second; the aborted 100 came as new ones.
        assertThat(stage.counted("millrace.store.records", "present")).isEqualTo(200);
        assertThat(stage.deadLetters).isEmpty();
    }

    @Test
    void losesNothingAndDoublesNothing_whenTheDatabaseIsKilledAndComesBack() throws Exception {
        StoreStage stage = stage();
        try (StoreWriter writer = stage.startWriter(50)) {
            stage.produce(0, 1_000, true);
            until("some rows", () -> stage.rows() > 0);
            for (int round = 1; round <= 2; round++) {
                stage.killDatabase();
                stage.produce(round * 1_000, (round + 1) * 1_000, true);
                until("the outage is noticed", () -> !writer.health().connected());
                int expected = (round + 1) * 1_000;

                stage.startDatabase();

                until("all rows after outage " + round, () -> stage.rows() >= expected);
            }
            until("no lag", () -> writer.health().lag() == 0);
        }

        assertThat(stage.rows()).isEqualTo(3_000);
        assertThat(stage.number("SELECT count(DISTINCT id) FROM predictions")).isEqualTo(3_000);
        assertThat(stage.meters.get("millrace.store.retries").counter().count()).isPositive();
        assertThat(stage.deadLetters).isEmpty();
    }

    @Test
    void storesWhatWaited_whenTheDatabaseComesLaterThanTheWriter() throws Exception {
        StoreStage stage = stage();
        stage.killDatabase();
        stage.produce(0, 100, true);
        try (StoreWriter writer = stage.startWriter(1_000)) {
            until(
                    "a failed try",
                    () -> stage.meters.get("millrace.store.retries").counter().count() > 1);
            assertThat(writer.health().connected()).isFalse();
            assertThat(writer.health().detail()).contains("refused");

            stage.startDatabase();

            until("100 rows", () -> stage.rows() == 100);
        }
    }

    @Test
    void refusesThePoisonAndStoresTheRest_whenABatchHoldsRecordsThatCannotBeRows() throws Exception {
        StoreStage stage = stage();
        Instant now = stage.now;
        List<byte @Nullable []> values = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            values.add(PredictionCodec.encode(stage.prediction(i)));
        }
        values.add(3, "{not json".getBytes(StandardCharsets.UTF_8));
        values.add(11, null);
        values.add(17, PredictionCodec.encode(StoreStage.prediction(1_001, "a\0b", now, now)));
        values.add(
                23,
                PredictionCodec.encode(StoreStage.prediction(1_002, "u", now, Instant.parse("9999-01-01T00:00:00Z"))));
        values.add(31, PredictionCodec.encode(StoreStage.prediction(1_003, "unwelcome", now, now)));
        values.add(37, PredictionCodec.encode(StoreStage.prediction(1_004, "u", now, now.minus(400, ChronoUnit.DAYS))));
        stage.produceValues(0, values);
        StoreSchema.migrate(stage.login());
        stage.execute("ALTER TABLE predictions ADD CONSTRAINT guests CHECK (user_id <> 'unwelcome')");

        try (StoreWriter writer = stage.startWriter(1_000)) {
            until("no lag", () -> stage.rows() == 40 && writer.health().lag() == 0);
        }

        assertThat(stage.deadLetters)
                .extracting(DeadLetter::reason)
                .containsExactlyInAnyOrder(
                        Reason.INVALID_JSON,
                        Reason.TOMBSTONE,
                        Reason.INVALID_CHARACTER,
                        Reason.TIMESTAMP_OUT_OF_RANGE,
                        Reason.STORE_REFUSED);
        assertThat(stage.deadLetters)
                .allSatisfy(letter -> assertThat(letter.origin()).isNotNull());
        assertThat(stage.deadLetters)
                .filteredOn(letter -> letter.reason() == Reason.STORE_REFUSED)
                .allSatisfy(letter -> {
                    assertThat(letter.detail()).contains("guests");
                    assertThat(letter.eventId()).isEqualTo("event-1003");
                    assertThat(letter.payload()).isEqualTo(values.get(31));
                });
        assertThat(stage.counted("millrace.store.records", "expired")).isEqualTo(1);
        assertThat(stage.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'predictions'::regclass"))
                .isLessThanOrEqualTo(3);
    }

    @Test
    void storesNothingTwice_whenAnotherWriterTookOverWhileThisOneHung() throws Exception {
        StoreStage stage = stage();
        List<byte @Nullable []> values = new ArrayList<>();
        values.add(null);
        for (int i = 0; i < 20; i++) {
            values.add(PredictionCodec.encode(stage.prediction(i)));
        }
        stage.produceValues(0, values);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<DeadLetter> letters = new ArrayList<>();

        try (StoreWriter zombie = StoreWriter.start(
                stage.config(1_000),
                letter -> {
                    letters.add(letter);
                    hanging.countDown();
                    awaitUninterruptibly(release);
                },
                stage.meters,
                Clock.systemUTC(),
                Trail.OFF)) {
            assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
            // What another writer would have done meanwhile: all but the last five rows, which it never got to.
            stage.execute(
                    "UPDATE consumer_offsets SET next_offset = 16 WHERE topic = 'predictions' AND \"partition\" = 0");

            release.countDown();

            until("the last five", () -> stage.rows() == 5 && zombie.health().lag() == 0);
        } finally {
            release.countDown();
        }

        assertThat(stage.meters.get("millrace.store.fenced").counter().count()).isEqualTo(1);
        assertThat(letters).hasSize(1);
    }

    @Test
    void everyPredictionIsStoredOnce_whenWritersComeAndGo() {
        StoreStage stage = stage();
        int produced = 0;
        try (StoreWriter first = stage.startWriter(100)) {
            stage.produce(produced, produced += 600, true);
            try (StoreWriter second = stage.startWriter(100)) {
                stage.produce(produced, produced += 600, true);
                until("1,200 rows", () -> stage.rows() >= 1_200);
                // The first may have stored them all before the second had its connection.
                until("the second writer", () -> second.health().connected());
                stage.produce(produced, produced += 600, true);
            }
            stage.produce(produced, produced += 600, true);
            until("2,400 rows", () -> stage.rows() >= 2_400);
            assertThat(first.health().connected()).isTrue();
        }

        assertThat(stage.rows()).isEqualTo(2_400);
        assertThat(stage.number("SELECT count(DISTINCT id) FROM predictions")).isEqualTo(2_400);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
