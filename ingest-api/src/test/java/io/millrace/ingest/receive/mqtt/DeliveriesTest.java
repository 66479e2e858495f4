package io.millrace.ingest.receive.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final byte[] ON = {'O', 'N'};

    private long now = Long.MAX_VALUE - 1; // nanoTime may run over
    private final Deliveries deliveries = new Deliveries(() -> now);

    @Test
    void whatIsSentAgain_isTheSame() {
        String first = deliveries.id(1, false, "t", ON);

        assertThat(deliveries.id(1, true, "t", ON)).isEqualTo(first);
        assertThat(deliveries.id(1, false, "t", ON)).isNotEqualTo(first);
        assertThat(deliveries.id(2, true, "t", ON)).isNotEqualTo(first);
        assertThat(deliveries.id(1, true, "u", ON)).isNotEqualTo(first);
    }

    @Test
    void whatComesMuchLater_isAnotherThatWasNeverSeen() {
        String first = deliveries.id(1, false, "t", ON);
        now += Duration.ofMinutes(9).toNanos();
        assertThat(deliveries.id(1, true, "t", ON)).isEqualTo(first);

        now += Duration.ofMinutes(11).toNanos();
        assertThat(deliveries.id(1, true, "t", ON)).isNotEqualTo(first);
    }
}
