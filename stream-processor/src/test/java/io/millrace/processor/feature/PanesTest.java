package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PanesTest {
    @Test
    void keepsPanesForLateEvents_butNoMoreThanAnotherWindow() {
        Duration hour = Duration.ofHours(1);

        assertThat(Panes.of(hour, Duration.ZERO).retained()).isEqualTo(12);
        assertThat(Panes.of(hour, Duration.ofMillis(1)).retained()).isEqualTo(13);
        assertThat(Panes.of(hour, Duration.ofMinutes(11)).retained()).isEqualTo(15);
        assertThat(Panes.of(hour, Duration.ofDays(3)).retained()).isEqualTo(24);
    }
}
