package io.millrace.processor.move;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CopyPaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void waits_untilSoManyRecordsMayHaveBeenCopied() {
        CopyPace pace = new CopyPace(1_000, 50, 0);

        assertThat(pace.pause(550, 0)).isEqualTo(SECOND / 2);
        assertThat(pace.pause(550, SECOND / 4)).isEqualTo(SECOND / 4);
        assertThat(pace.pause(550, SECOND)).isZero();
    }

    @Test
    void makesNothingUp_fromAWindowInWhichThereWasLittle() {
        CopyPace pace = new CopyPace(1_000, 0, 0);
        pace.left(1_000_000, 10, 10 * SECOND);

        assertThat(pace.pause(1_010, 10 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void isFaster_whereNearlyAsMuchIsWrittenAsItCopies() {
        CopyPace pace = new CopyPace(1_000, 0, 0);
        pace.left(100_000, 10_000, 10 * SECOND);
        pace.left(99_000, 20_000, 20 * SECOND);
        assertThat(pace.pause(21_000, 20 * SECOND)).isEqualTo(SECOND / 2);

        pace.left(90_000, 40_000, 30 * SECOND);
        assertThat(pace.pause(41_000, 30 * SECOND)).isEqualTo(SECOND / 2);
    }

    @Test
    void keepsItsRate_howeverMuchIsLeft() {
        CopyPace pace = new CopyPace(1_000, 0, 0);
        pace.left(2_000_000, 10_000, 10 * SECOND);
        pace.left(1_991_000, 20_000, 20 * SECOND);

        assertThat(pace.pause(21_000, 20 * SECOND)).isEqualTo(SECOND);
    }
}
