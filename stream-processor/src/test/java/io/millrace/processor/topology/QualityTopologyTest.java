package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.model.OutcomeSpec;
import io.millrace.model.Reference;
import io.millrace.quality.Drift;
import io.millrace.quality.QualityFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions and what their users do later, through the topology; the scores are the sums of four properties. */
@SuppressWarnings("NullAway.Init") // each test starts with the outcome that it is about
class QualityTopologyTest {
    private static final Instant NOON = QualityStage.NOON;
    private static final Duration WITHIN = Duration.ofMinutes(30);
    private static final Duration GRACE = QualityStage.GRACE;
    private static final OutcomeSpec BOUGHT = new OutcomeSpec.Event(List.of("order_completed"), WITHIN);

    @TempDir
    private Path folder;

    private QualityStage stage;

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void isPositive_whenTheEventComesInTime_andNegativeWhenTheTimeIsOver() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u1", "order_completed", NOON.plus(WITHIN), "{}");
        stage.post("u2", "product_viewed", NOON, "{\"a\":0.25}");
        stage.post("u2", "order_completed", NOON.plus(WITHIN).plusMillis(1), "{}");
        stage.post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE), "{}");

        assertThat(stage.known()).isEqualTo("predictions 2, known 1, positives 1");

        stage.post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE).plusMillis(1), "{}");

        assertThat(stage.known()).isEqualTo("predictions 2, known 2, positives 1");
        assertThat(stage.all().auc()).isEqualTo(1.0);
        assertThat(stage.all().brier()).isEqualTo((0.25 + 0.0625) / 2);
    }

    @Test
    void isNotItsOwnOutcome_norThatOfAnEventOfTheSameMillisecond() throws Exception {
        start(new OutcomeSpec.Event(List.of("product_viewed"), WITHIN), 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        assertThat(stage.known()).isEqualTo("predictions 2, known 0, positives 0");

        stage.post("u1", "product_viewed", NOON.plusMillis(1), "{\"a\":0.5}");
        assertThat(stage.known()).isEqualTo("predictions 3, known 2, positives 2");
    }

    @Test
    void countsOnce_whenEventsAreSentAgain() throws Exception {
        start(BOUGHT, 16);
        Event viewed = stage.event("u1", "product_viewed", NOON, "{\"a\":0.5}");
        Event bought = stage.event("u1", "order_completed", NOON.plusSeconds(1), "{}");
        stage.post(viewed);
        stage.post(viewed);
        stage.post(bought);
        stage.post(bought);

        assertThat(stage.known()).isEqualTo("predictions 1, known 1, positives 1");
    }

    @Test
    void findsTheOutcome_whenTheScoredEventComesAfterIt_orTheOutcomeComesLate() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "order_completed", NOON.plusSeconds(60), "{}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        assertThat(stage.known()).isEqualTo("predictions 1, known 1, positives 1");

        stage.post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE), "{}");
        stage.post("u2", "order_completed", NOON.plusSeconds(60), "{}");
        assertThat(stage.known()).isEqualTo("predictions 2, known 2, positives 2");
    }

    @Test
    void isDropped_whenNobodyCanTellAnyMore() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "order_completed", NOON.plusSeconds(3000), "{}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");

        assertThat(stage.known()).isEqualTo("predictions 1, known 0, positives 0");
        assertThat(stage.all().dropped()).isEqualTo(1);
    }

    @Test
    void isPositive_whenAbsent_andNegativeAtOnceWhenNot() throws Exception {
        start(new OutcomeSpec.Absence(List.of(), WITHIN), 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u1", "product_removed", NOON.plusSeconds(1), "{}");
        assertThat(stage.known()).isEqualTo("predictions 1, known 1, positives 0");

        stage.post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u2", "product_removed", NOON.plus(WITHIN).plus(GRACE).plusMillis(1), "{}");
        assertThat(stage.known()).isEqualTo("predictions 2, known 2, positives 1");
    }

    @Test
    void sums_overTheTime() throws Exception {
        start(new OutcomeSpec.Sum("total", List.of("order_completed"), WITHIN, 100), 16);
        Instant over = NOON.plus(WITHIN).plus(GRACE).plusMillis(1);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u1", "order_completed", NOON.plusSeconds(1), "{\"total\":60}");
        stage.post("u1", "order_completed", NOON.plusSeconds(2), "{\"total\":41}");
        assertThat(stage.known()).isEqualTo("predictions 1, known 0, positives 0");
        stage.post("u1", "product_removed", over, "{}");
        stage.post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u2", "order_completed", NOON.plusSeconds(1), "{\"total\":120}");
        stage.post("u2", "order_completed", NOON.plusSeconds(2), "{\"total\":-20}");
        stage.post("u2", "product_removed", over, "{}");

        assertThat(stage.known()).isEqualTo("predictions 2, known 2, positives 1");
    }

    @Test
    void isKnownAtOnce_whenTheEventTellsItself() throws Exception {
        start(new OutcomeSpec.Property("bot", "true"), 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5,\"bot\":true}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5,\"bot\":false}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");

        assertThat(stage.known()).isEqualTo("predictions 3, known 3, positives 1");
    }

    @Test
    void keepsASample_whenTooManyAreOpen() throws Exception {
        start(BOUGHT, 4);
        for (int i = 0; i < 10; i++) {
            stage.post("u1", "product_viewed", NOON.plusSeconds(i), "{\"a\":0.5}");
        }
        stage.post("u1", "order_completed", NOON.plusSeconds(60), "{}");

        assertThat(stage.known()).isEqualTo("predictions 10, known 4, positives 4");
        assertThat(stage.all().dropped()).isEqualTo(6);
    }

    @Test
    void isOver_whenTheUserDoesNotComeBack() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.topology.driver.advanceWallClockTime(WITHIN);
        assertThat(stage.known()).isEqualTo("predictions 1, known 0, positives 0");

        stage.topology.driver.advanceWallClockTime(GRACE.plusSeconds(60));

        assertThat(stage.known()).isEqualTo("predictions 1, known 1, positives 0");
    }

    @Test
    void countsByWindow_ofThePredictionsTime() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "product_viewed", NOON.plus(Duration.ofMinutes(50)), "{\"a\":0.5}");
        stage.post("u1", "product_viewed", NOON.plus(Duration.ofMinutes(60)), "{\"a\":0.5}");
        stage.post("u1", "order_completed", NOON.plus(Duration.ofMinutes(70)), "{}");
        stage.publish();

        assertThat(stage.latest.keySet())
                .containsExactlyInAnyOrder(
                        "picky/1/champion/2026-11-22T12:00:00Z/0",
                        "picky/1/champion/2026-11-22T13:00:00Z/0",
                        "picky/1/champion/all/0");
        assertThat(stage.figures("picky/1/champion/2026-11-22T12:00:00Z/0").positives())
                .isEqualTo(1);
    }

    @Test
    void measuresDrift_fromTheReference() throws Exception {
        Reference.Bins halves = new Reference.Bins(List.of(0.5f), List.of(0.5, 0.5));
        stage = new QualityStage(folder, null, new Reference(100, Map.of("a", halves, "b", halves), halves), 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.25,\"b\":1}");
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5,\"b\":1}");
        stage.publish();

        QualityFigures all = stage.all();
        Drift below = Drift.of(new long[] {2, 0}, halves.shares());
        Drift above = Drift.of(new long[] {0, 2}, halves.shares());
        assertThat(all.known()).isZero();
        assertThat(all.features()).isEqualTo(Map.of("a", below, "b", above));
        assertThat(all.score()).isEqualTo(above);
    }

    @Test
    void goesOn_afterARestart() throws Exception {
        start(BOUGHT, 16);
        stage.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u2", "product_viewed", NOON, "{\"a\":0.5}");
        stage.post("u2", "order_completed", NOON.plusSeconds(1), "{}");
        List<TestRecord<byte[], byte[]>> users = stage.changelog("test-users-changelog");
        List<TestRecord<byte[], byte[]>> counts = stage.changelog("test-quality-changelog");
        stage.close();

        start(BOUGHT, 16);
        KeyValueStore<byte[], byte[]> userStore = stage.topology.driver.getKeyValueStore("users");
        KeyValueStore<byte[], byte[]> countStore = stage.topology.driver.getKeyValueStore("quality");
        users.forEach(user -> userStore.put(user.key(), user.value()));
        counts.forEach(count -> countStore.put(count.key(), count.value()));
        stage.post("u1", "order_completed", NOON.plusSeconds(1), "{}");

        assertThat(stage.known()).isEqualTo("predictions 2, known 2, positives 2");
    }

    private void start(OutcomeSpec outcome, int open) throws Exception {
        stage = new QualityStage(folder, outcome, null, open);
    }
}
