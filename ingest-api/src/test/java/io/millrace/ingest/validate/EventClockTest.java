package io.millrace.ingest.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.EventTimes;
import io.millrace.event.EventTimes.Basis;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventClockTest {
    private static final Instant RECEIVED = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void isTheTimeOfReceipt_whenProducerGivesNone() {
        EventTimes times = EventClock.decide(null, RECEIVED.minusSeconds(90), RECEIVED);

        assertThat(times.event()).isEqualTo(RECEIVED);
        assertThat(times.basis()).isEqualTo(Basis.RECEIVED);
    }

    @Test
    void isTheProducersTime_whenItDoesNotSayWhenItSent() {
        Instant original = RECEIVED.minus(Duration.ofDays(40));

        EventTimes times = EventClock.decide(original, null, RECEIVED);

        assertThat(times.event()).isEqualTo(original);
        assertThat(times.basis()).isEqualTo(Basis.PRODUCER);
    }

    @Test
    void isCorrected_whenTheProducersClockIsAnHourFast() {
        Instant sent = RECEIVED.plus(Duration.ofHours(1));

        EventTimes times = EventClock.decide(sent.minusSeconds(10), sent, RECEIVED);

        assertThat(times.event()).isEqualTo(RECEIVED.minusSeconds(10));
        assertThat(times.basis()).isEqualTo(Basis.CORRECTED);
        assertThat(times.original()).isEqualTo(sent.minusSeconds(10));
    }

    @Test
    void isNotCorrected_whenTheSkewIsTheNetworksOrBeyondBelief() {
        Instant original = RECEIVED.minusSeconds(30);

        assertThat(EventClock.decide(original, RECEIVED.minusMillis(999), RECEIVED)
                        .basis())
                .isEqualTo(Basis.PRODUCER);
        assertThat(EventClock.decide(original, RECEIVED.minusMillis(1_000), RECEIVED)
                        .basis())
                .isEqualTo(Basis.CORRECTED);
        assertThat(EventClock.decide(original, RECEIVED.minus(Duration.ofHours(24)), RECEIVED)
                        .basis())
                .isEqualTo(Basis.CORRECTED);
        assertThat(EventClock.decide(
                                original, RECEIVED.minus(Duration.ofHours(24)).minusMillis(1), RECEIVED)
                        .event())
                .isEqualTo(original);
    }
}
