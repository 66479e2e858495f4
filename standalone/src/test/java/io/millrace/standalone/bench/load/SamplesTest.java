package io.millrace.standalone.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void percentile_isTheSampleThatSoManyStayWithin() {
        Samples samples = new Samples(0);
        for (int i = 100; i >= 1; i--) {
            samples.add(i * 1_000_000L);
        }

        assertThat(samples.millis(0.5)).isEqualTo(50);
        assertThat(samples.millis(0.99)).isEqualTo(99);
        assertThat(samples.millis(1)).isEqualTo(100);
        assertThat(samples.millis(0)).isEqualTo(1);
        assertThat(new Samples(1).millis(0.5)).isNaN();
    }
}
