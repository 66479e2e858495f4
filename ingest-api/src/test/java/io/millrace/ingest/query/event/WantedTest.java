package io.millrace.ingest.query.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.identity.EventId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedTest {
    @Test
    void readsTheTimeInAnIdOfTheDoor() {
        assertThat(wanted("018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e6f").madeAt())
                .contains(Instant.ofEpochMilli(0x018f2c5e7b1aL));
        assertThat(wanted("6e1c9f1e-0a55-5d0e-9c5b-6f5b8a3a8f11").madeAt()).isEmpty();
        assertThat(wanted("e1").madeAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e1", "a \"quoted\" one", "back\\slash", "é😀", "new\nline", "aaaaaaab"})
    void findsTheIdInARecord_andNotInAnother(String id) {
        Needle needle = new Needle(id);
        byte[] with = DeadLetterCodec.encode(letter(id));

        assertThat(needle.isIn(with)).isTrue();
        assertThat(needle.isIn(DeadLetterCodec.encode(letter("x" + id)))).isFalse();
        assertThat(needle.isIn(new byte[0])).isFalse();
        assertThat(needle.isIn("\"".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0", "30", "3600", "604800"})
    void windowsLieNextToEachOther_andLeaveNothingOut(long age) {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        for (List<Window> windows : List.of(Window.backwards(now), Window.around(now.minusSeconds(age)))) {
            for (Duration back :
                    List.of(Duration.ZERO, Duration.ofMinutes(7), Duration.ofDays(2), Duration.ofDays(29))) {
                Instant time = now.minus(back);
                assertThat(windows.stream()
                                .filter(window -> (window.from() == null || !time.isBefore(window.from()))
                                        && (window.to() == null || time.isBefore(window.to()))))
                        .hasSize(1);
            }
        }
    }

    private static DeadLetter letter(String id) {
        return new DeadLetter(
                Reason.MISSING_FIELD,
                "why",
                DeadLetter.Stage.VALIDATE,
                null,
                null,
                id,
                null,
                null,
                null,
                false,
                1,
                Instant.EPOCH,
                null);
    }

    private static Wanted wanted(String id) {
        return new Wanted(new EventId(id), null, null, null, null);
    }
}
