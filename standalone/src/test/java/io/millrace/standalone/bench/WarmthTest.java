package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmthTest {
    private static final Duration SLICE = Duration.ofSeconds(2);

    @Test
    void warm_whenThreeSlicesAreNoFaster() {
        Warmth warmth = new Warmth(SLICE, Duration.ofMinutes(1));

        assertThat(warmth.add(100)).isFalse();
        assertThat(warmth.add(1_000)).isFalse();
        assertThat(warmth.add(2_000)).isFalse();
        assertThat(warmth.add(2_900)).isFalse();
        assertThat(warmth.add(3_000)).isFalse();
        assertThat(warmth.add(2_800)).isFalse();
        assertThat(warmth.add(2_900)).isTrue();
        assertThat(warmth.speed()).isEqualTo(2_900);
    }

    @Test
    void silence_isNotWarmth_butHasItsTimeToo() {
        Warmth warmth = new Warmth(SLICE, Duration.ofSeconds(12));

        for (int i = 0; i < 5; i++) {
            assertThat(warmth.add(0)).isFalse();
        }
        assertThat(warmth.add(100)).isFalse();
        assertThat(warmth.add(0)).isFalse();
        assertThat(warmth.add(100)).isFalse();
        assertThat(warmth.add(102)).isFalse();
        assertThat(warmth.add(101)).isTrue();
        assertThat(new Warmth(SLICE, Duration.ofSeconds(2)).add(0)).isFalse();
    }

    @Test
    void itsTimeIsOver_howeverMuchFasterItBecomes() {
        Warmth warmth = new Warmth(SLICE, Duration.ofSeconds(10));

        for (int i = 1; i < 5; i++) {
            assertThat(warmth.add(Math.pow(10, i))).isFalse();
        }
        assertThat(warmth.add(1e6)).isTrue();
    }
}
