package io.millrace.ingest.adapt.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes.Basis;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Event time = receivedAt - (sentAt - originalTimestamp), where the difference of the clocks is believed. */
class SegmentTimeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # original               | sent                     | event                    | basis
            2026-11-23T11:59:50.000Z | 2026-11-23T12:00:00.000Z | 2026-11-23T11:59:50.000Z | PRODUCER
            2026-11-23T11:59:50.000Z | 2026-11-23T11:59:59.500Z | 2026-11-23T11:59:50.000Z | PRODUCER
            # Its clock is an hour slow, or fast.
            2026-11-23T10:59:50.000Z | 2026-11-23T11:00:00.000Z | 2026-11-23T11:59:50.000Z | CORRECTED
            2026-11-23T12:59:50.000Z | 2026-11-23T13:00:00.000Z | 2026-11-23T11:59:50.000Z | CORRECTED
            # Sent again after half a minute with the first sentAt: flagged, and wrong by the half minute.
            2026-11-23T11:59:20.000Z | 2026-11-23T11:59:30.000Z | 2026-11-23T11:59:50.000Z | CORRECTED
            # Over a day nobody believes in a clock: it was kept, and sent again.
            2026-11-20T11:59:50.000Z | 2026-11-20T12:00:00.000Z | 2026-11-20T11:59:50.000Z | PRODUCER
            2026-11-23T11:59:50.000Z |                          | 2026-11-23T11:59:50.000Z | PRODUCER
                                     | 2026-11-23T11:00:00.000Z | 2026-11-23T12:00:00.000Z | RECEIVED
            """)
    void decidesTheTime(String original, String sent, Instant event, Basis basis) {
        String times = (original == null ? "" : ",\"timestamp\":\"" + original + '"')
                + (sent == null ? "" : ",\"sentAt\":\"" + sent + '"');

        Event read = Read.event(Read.call(EventKind.TRACK, "{\"userId\":\"u\",\"event\":\"e\"" + times + "}"));

        assertThat(read.times().event()).isEqualTo(event);
        assertThat(read.times().basis()).isEqualTo(basis);
    }

    @Test
    void takesTheMessagesOwnSentAt_beforeTheBatchs() {
        Event own = Read.event(Read.batch("""
                {"batch":[{"type":"page","userId":"u","sentAt":"2026-11-23T11:59:57.000Z"}],"sentAt":"2026-11-23T11:59:58.000Z"}"""));
        Event shared = Read.event(Read.batch("""
                {"sentAt":"2026-11-23T11:59:58.000Z","batch":[{"type":"page","userId":"u","sentAt":null}]}"""));

        assertThat(own.times().sent()).isEqualTo(Read.NOW.minusSeconds(3));
        assertThat(shared.times().sent()).isEqualTo(Read.NOW.minusSeconds(2));
    }

    @Test
    void takesTheTimeThatTheCallerGave_beforeTheSdksOwn() {
        Event event = Read.event(Read.call(EventKind.TRACK, """
                {"userId":"u","event":"e","timestamp":"2026-01-31T12:00:00Z","originalTimestamp":"2026-11-23T12:00:00Z"}"""));

        assertThat(event.times().event()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        // What RudderStack's SDK writes for a call of an hour ago, and what a pipeline has corrected that forwards.
        "2026-11-23T11:00:00.000Z, 2026-11-23T11:00:00Z, PRODUCER",
        // Twice the same says nothing more than once.
        "2026-11-23T10:29:50.000Z, 2026-11-23T11:59:50Z, CORRECTED"
    })
    void correctsNoTime_thatWasNotOfTheClockByWhichItWasSent(String given, Instant expected, Basis basis) {
        Event event = Read.event(Read.call(EventKind.TRACK, """
                {"userId":"u","event":"e","timestamp":"%s","originalTimestamp":"2026-11-23T10:29:50.000Z",
                 "sentAt":"2026-11-23T10:30:00.000Z"}""".formatted(given)));

        assertThat(event.times().event()).isEqualTo(expected);
        assertThat(event.times().basis()).isEqualTo(basis);
    }

    @ParameterizedTest
    @CsvSource({
        "1795435200000, 2026-11-23T12:00:00Z",
        "1795435200, 2026-11-23T12:00:00Z",
        "'\"2026-11-23T13:00:00.000000+01:00\"', 2026-11-23T12:00:00Z",
        "'\"2026-11-23T12:00:00.123456789Z\"', 2026-11-23T12:00:00.123Z",
        "'\"2026-11-23T13:00:00.1+0100\"', 2026-11-23T12:00:00.100Z",
        "'\"2026-11-23 12:00:00\"', 2026-11-23T12:00:00Z",
        "'\"2026-11-23\"', 2026-11-23T00:00:00Z"
    })
    void readsTimesAsSdksWriteThem(String given, Instant expected) {
        Event event = Read.event(
                Read.call(EventKind.TRACK, "{\"userId\":\"u\",\"event\":\"e\",\"timestamp\":" + given + "}"));

        assertThat(event.times().original()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"yesterday\"', INVALID_TIMESTAMP",
        "'\"2026-13-23\"', INVALID_TIMESTAMP",
        "'\"2026-11-23T\"', INVALID_TIMESTAMP",
        "1.5, WRONG_TYPE",
        "9223372036854775807, WRONG_TYPE",
        "{}, WRONG_TYPE"
    })
    void refusesOtherTimes(String given, Reason reason) {
        assertThat(Read.refused(Read.call(
                                EventKind.TRACK, "{\"userId\":\"u\",\"event\":\"e\",\"timestamp\":" + given + "}"))
                        .refusal()
                        .reason())
                .isEqualTo(reason);
    }
}
