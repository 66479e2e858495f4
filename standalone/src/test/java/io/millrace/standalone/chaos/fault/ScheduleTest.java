package io.millrace.standalone.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Schedule.Shape SHAPE = new Schedule.Shape(3, 2, 2);

    @Test
    void isTheSame_whenTheSeedIs() {
        assertThat(of(7)).isEqualTo(of(7)).isNotEqualTo(of(8));
    }

    @Test
    void hasEveryKind_whenThereIsTime() {
        assertThat(of(7))
                .extracting(Fault::kind)
                .containsOnly(FaultKind.values())
                .hasSizeGreaterThan(60);
        assertThat(of(7)).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    }

    @Test
    void hasOnlyTheKindsThatAreAllowed() {
        assertThat(Schedule.of(7, Duration.ofMinutes(3), EnumSet.of(FaultKind.KILL), SHAPE))
                .isNotEmpty()
                .allMatch(fault -> fault.kind() == FaultKind.KILL);
    }

    private static List<Fault> of(long seed) {
        return Schedule.of(seed, Duration.ofMinutes(15), EnumSet.allOf(FaultKind.class), SHAPE);
    }
}
