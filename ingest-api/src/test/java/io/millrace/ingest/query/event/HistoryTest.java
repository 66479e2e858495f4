package io.millrace.ingest.query.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.query.event.Finding.Arrived;
import io.millrace.ingest.query.event.Finding.Letter;
import io.millrace.ingest.query.event.History.Occurrence;
import io.millrace.ingest.query.event.History.Outcome;
import io.millrace.ingest.query.event.History.Status;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Source SHOP = new Source("shop");
    private static final EventId ID = new EventId("e");

    @Test
    void tellsDuplicates_asTheProcessorDoes() {
        History history = History.of(
                List.of(
                        arrived(0, "u", Duration.ZERO),
                        arrived(1, "u", Duration.ZERO),
                        arrived(2, "u", Duration.ofHours(24).minusMillis(1)),
                        // Remembered is the one that counted, not the last one seen.
                        arrived(3, "u", Duration.ofHours(24)),
                        arrived(4, "u", Duration.ofHours(30)),
                        arrived(5, "v", Duration.ofHours(31))),
                List.of());

        assertThat(outcomes(history))
                .containsExactly(
                        Outcome.ACCEPTED,
                        Outcome.DUPLICATE,
                        Outcome.DUPLICATE,
                        Outcome.ACCEPTED,
                        Outcome.DUPLICATE,
                        Outcome.ACCEPTED);
        assertThat(history.status()).isEqualTo(Status.ACCEPTED);
    }

    @Test
    void knowsTheDuplicate_whenOnlyThePredictionTellsOfTheFirst() {
        History history =
                History.of(List.of(arrived(7, "u", Duration.ofHours(1))), List.of(prediction("u", Duration.ZERO)));

        assertThat(outcomes(history)).containsExactly(Outcome.DUPLICATE);
        assertThat(history.status()).isEqualTo(Status.SCORED);
    }

    @Test
    void takesThePredictionsOwnRecordForItself_andItsTwinForADuplicate() {
        History history = History.of(
                List.of(arrived(7, "u", Duration.ZERO), arrived(8, "u", Duration.ZERO)),
                List.of(prediction("u", Duration.ZERO)));

        assertThat(outcomes(history)).containsExactly(Outcome.ACCEPTED, Outcome.DUPLICATE);
    }

    @Test
    void saysTheFurthest_ofAllItsRecords() {
        Finding refused = letter(DeadLetter.Stage.VALIDATE);
        Finding dead = letter(DeadLetter.Stage.SCORE);

        assertThat(History.of(List.of(), List.of()).status()).isEqualTo(Status.UNKNOWN);
        assertThat(History.of(List.of(refused), List.of()).status()).isEqualTo(Status.REFUSED);
        assertThat(History.of(List.of(refused, arrived(1, "u", Duration.ZERO)), List.of())
                        .status())
                .isEqualTo(Status.ACCEPTED);
        assertThat(History.of(List.of(dead, arrived(1, "u", Duration.ZERO)), List.of())
                        .status())
                .isEqualTo(Status.DEAD_LETTERED);
        assertThat(History.of(List.of(dead), List.of(prediction("u", Duration.ZERO)))
                        .status())
                .isEqualTo(Status.SCORED);
    }

    private static List<Outcome> outcomes(History history) {
        return history.occurrences().stream().map(Occurrence::outcome).toList();
    }

    private static Finding arrived(long offset, String user, Duration after) {
        Instant received = NOON.plus(after);
        EventTimes times = new EventTimes(null, null, received, received, EventTimes.Basis.RECEIVED);
        Event event = new Event(
                ID,
                SHOP,
                user,
                null,
                EventKind.TRACK,
                "x",
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                times);
        return new Arrived("user-events", 0, offset, event, null, false);
    }

    private static Finding letter(DeadLetter.Stage stage) {
        return new Letter(
                "dead-letters",
                0,
                0,
                new DeadLetter(
                        Reason.MISSING_FIELD, "why", stage, null, SHOP, "e", null, null, null, false, 1, NOON, null));
    }

    private static Prediction prediction(String user, Duration after) {
        ModelVersion model = new ModelVersion("churn", "1.0.0");
        return new Prediction(
                PredictionId.of(SHOP, ID, model),
                ID,
                SHOP,
                user,
                null,
                model,
                Sha256.of(new byte[] {1}),
                Role.CHAMPION,
                0.5f,
                "churn",
                0.5f,
                StoredPrediction.NOT_READ,
                NOON.plus(after),
                NOON.plus(after),
                NOON.plus(after),
                null);
    }
}
