package io.millrace.ingest.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(new AdmissionLimits(2, 1_000, Duration.ofSeconds(1)));

    @Test
    void letsNobodyIn_whenFull_andAgain_whenSomebodyLeft() {
        Admission.Ticket first = admission.admit().orElseThrow();
        assertThat(admission.admit()).isPresent();

        assertThat(admission.admit()).isEmpty();
        first.close();
        first.close();

        assertThat(admission.requests()).isEqualTo(1);
        assertThat(admission.admit()).isPresent();
        assertThat(admission.admit()).isEmpty();
    }

    @Test
    void givesRoomByBytes_andTakesItBack() {
        Admission.Ticket first = admission.admit().orElseThrow();
        Admission.Ticket second = admission.admit().orElseThrow();

        assertThat(first.grow(600)).isTrue();
        assertThat(second.grow(401)).isFalse();
        assertThat(second.grow(400)).isTrue();
        first.close();

        assertThat(admission.bytes()).isEqualTo(400);
        assertThat(second.grow(600)).isTrue();
    }
}
