package io.millrace.standalone.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker finds each kind of violation in a history that has it, and nothing in one that has none. */
class JudgeTest {
    private static final String MODEL = "purchase-intent";
    private static final String VIEWED = "product_viewed";

    private final History history = new History();
    private long offset;

    @BeforeEach
    void oneModel() {
        history.selects(MODEL, List.of(VIEWED, "product_added"));
    }

    @Test
    void isClean_whenEachEventHasOnePredictionAndOneRow() {
        for (int i = 0; i < 5; i++) {
            Fate event = acknowledged("e" + i, i);
            publish(event, 1);
            store(predict(event, i + 1));
        }
        Fate unselected = acknowledged("s", 5);
        history.sent(unselected);

        Fate search = new Fate("search-1", "u", "search", 6, 0);
        search.acknowledged = true;
        history.sent(search);
        publish(search, 1);
        publish(unselected, 1);
        store(predict(unselected, 6));

        Verdict verdict = judge();
        assertThat(verdict.lines()).as("%s", verdict.lines()).last().asString().contains("nothing lost");
        assertThat(verdict.isClean()).isTrue();
    }

    @Test
    void isClean_whenRecordsStandTwiceAndOneIsOfTheLayoutBefore() {
        Fate first = acknowledged("e1", 1);
        Fate second = acknowledged("e2", 2);
        publish(first, 1);
        publish(second, 1);
        publish(second, 2);
        publish(first, 1);
        store(predict(first, 1));
        store(predict(second, 2));

        assertThat(judge().violations()).isEmpty();
    }

    @Test
    void isClean_whenWhatWasNeverAcknowledgedIsThereOnceOrNot() {
        Fate there = sent("e1", 1);
        sent("e2", 2);
        publish(there, 1);
        store(predict(there, 1));

        assertThat(judge().violations()).isEmpty();
    }

    @Test
    void isClean_whenTheRestOfAFailedRequestCameLater() {
        Fate first = acknowledged("e1", 1, 0);
        Fate second = acknowledged("e2", 1, 1);
        first.retried = true;
        second.retried = true;
        publish(second, 1);
        publish(first, 1);
        publish(second, 1);
        store(predict(second, -1));
        store(predict(first, -1));

        assertThat(judge().violations()).isEmpty();
    }

    @Test
    void findsLost_whenAnAcknowledgedEventIsOnNoTopic() {
        acknowledged("e1", 1);

        assertThat(judge().violations()).containsEntry(Violation.LOST, 1L);
    }

    @Test
    void findsNotScored_whenThereIsNoPrediction() {
        publish(acknowledged("e1", 1), 1);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.NOT_SCORED, 1L));
    }

    @Test
    void findsScoredTwice_whenThereAreTwoPredictions() {
        Fate event = acknowledged("e1", 1);
        publish(event, 1);
        store(predict(event, 1));
        predict(event, 1);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.SCORED_TWICE, 1L));
    }

    @Test
    void findsUnacknowledgedTwice_whenNobodyWasToldItIsThere() {
        Fate event = sent("e1", 1);
        publish(event, 1);
        store(predict(event, 1));
        predict(event, 1);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.UNACKNOWLEDGED_TWICE, 1L));
    }

    @Test
    void findsNeverSent_whenATopicHasWhatNobodySent() {
        history.published("ghost", "u", VIEWED, 1, 0, 0);
        history.predicted(UUID.randomUUID(), "ghost", "u", MODEL, 0, 0, 0, 0, -1);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.NEVER_SENT, 2L));
    }

    @Test
    void findsNotSelected_whenAModelPredictsWhatItDoesNotSelect() {
        Fate event = new Fate("e1", "u", "search", 1, 0);
        history.sent(event);
        publish(event, 1);
        store(predict(event, -1));

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.NOT_SELECTED, 1L));
    }

    @Test
    void findsOutOfOrder_whenALaterRequestIsPredictedFirst() {
        Fate first = acknowledged("e1", 1);
        Fate second = acknowledged("e2", 2);
        publish(first, 1);
        publish(second, 2);
        store(predict(second, -1));
        store(predict(first, -1));

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.OUT_OF_ORDER, 1L));
    }

    @Test
    void findsOutOfOrder_whenPredictionsAreNotInTheOrderOfTheTopic() {
        Fate first = acknowledged("e1", 1, 0);
        Fate second = acknowledged("e2", 1, 1);
        first.retried = true;
        second.retried = true;
        publish(second, 1);
        publish(first, 1);
        store(predict(first, -1));
        store(predict(second, -1));

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.OUT_OF_ORDER, 1L));
    }

    @Test
    void findsChanged_whenTheTopicSaysAnotherUser() {
        Fate event = sent("e1", 1);
        history.published(event.id, "another", event.name, 1, 0, offset++);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.CHANGED, 1L));
    }

    @Test
    void findsMiscounted_whenAFeatureHasForgottenAnEvent() {
        Fate first = acknowledged("e1", 1);
        Fate second = acknowledged("e2", 2);
        publish(first, 1);
        publish(second, 1);
        store(predict(first, 1));
        store(predict(second, 1));

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.MISCOUNTED, 1L));
    }

    @Test
    void findsNotStored_whenThereIsNoRow() {
        Fate event = acknowledged("e1", 1);
        publish(event, 1);
        predict(event, 1);

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.NOT_STORED, 1L));
    }

    @Test
    void findsStoredTwiceAndDifferently_whenRowsAreNotTheTopics() {
        Fate event = acknowledged("e1", 1);
        publish(event, 1);
        Predicted prediction = predict(event, 1);
        store(prediction);
        history.stored(new History.Row(prediction.id, event.id, prediction.fingerprint + 1));

        assertThat(judge().violations())
                .isEqualTo(Map.of(Violation.STORED_TWICE, 1L, Violation.STORED_DIFFERENTLY, 1L));
    }

    @Test
    void findsStoredOnly_whenTheTopicHasNoSuchPrediction() {
        history.stored(new History.Row(UUID.randomUUID(), "e1", 1));

        assertThat(judge().violations()).isEqualTo(Map.of(Violation.STORED_ONLY, 1L));
    }

    @Test
    void readsClientsFiles_upToALineThatWasCutOff(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("client-0.ndjson"), """
                {"request":0,"events":[["a","u1","product_viewed"],["b","u1",""]]}
                {"request":0,"status":503}
                {"request":0,"status":202,"eventIds":["a","b"]}
                {"request":1,"events":[["c","u1","product_viewed"]]}
                {"request":1,"status":0}
                {"request":1,"sta""", StandardCharsets.UTF_8);

        ClientLogs.read(folder, history);

        assertThat(Objects.requireNonNull(history.event("a")).acknowledged).isTrue();
        assertThat(Objects.requireNonNull(history.event("b")).retried).isTrue();
        assertThat(Objects.requireNonNull(history.event("c")).acknowledged).isFalse();
    }

    private Verdict judge() {
        return Judge.judge(history, true);
    }

    private Fate sent(String id, long request) {
        Fate event = new Fate(id, "u", VIEWED, request, 0);
        history.sent(event);
        return event;
    }

    private Fate acknowledged(String id, long request) {
        return acknowledged(id, request, 0);
    }

    private Fate acknowledged(String id, long request, int place) {
        Fate event = new Fate(id, "u", VIEWED, request, place);
        event.acknowledged = true;
        history.sent(event);
        return event;
    }

    private void publish(Fate event, int layout) {
        history.published(event.id, event.user, event.name, layout, 0, offset++);
    }

    /** @param counted what its feature says */
    private Predicted predict(Fate event, int counted) {
        long at = offset++;
        UUID id = UUID.nameUUIDFromBytes(event.id.getBytes(StandardCharsets.UTF_8));
        history.predicted(id, event.id, event.user, MODEL, 0, at, at, 7, counted);
        return event.predictions.get(event.predictions.size() - 1);
    }

    private void store(Predicted prediction) {
        history.stored(new History.Row(prediction.id, prediction.event.id, prediction.fingerprint));
    }
}
