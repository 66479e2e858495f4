package io.millrace.standalone.post;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void gapsAreDividedByTheFactor() {
        Pace pace = new Pace(60);

        assertThat(pace.due(FIRST)).isZero();
        assertThat(pace.due(FIRST.plusSeconds(60))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pace.due(FIRST.plusSeconds(3600))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void eventIsDueAtOnce_whenItIsOlderThanTheFirst() {
        Pace pace = new Pace(1);
        pace.due(FIRST);

        assertThat(pace.due(FIRST.minusSeconds(5))).isZero();
    }
}
