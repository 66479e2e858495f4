package io.millrace.ingest.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(3);
        for (int partitions = 1; partitions < 50; partitions++) {
            long[] next = random.longs(partitions, 0, Long.MAX_VALUE)
                    .map(offset -> offset >>> random.nextInt(63))
                    .toArray();

            Positions back = Positions.parse(Positions.of(next).id()).orElseThrow();

            assertThat(IntStream.range(0, back.partitions()).mapToLong(back::get))
                    .containsExactly(box(next));
        }
    }

    @Test
    void isShort() {
        long[] next = new long[12];
        Arrays.fill(next, 1_000_000);

        assertThat(Positions.of(next).id()).hasSizeLessThanOrEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "AQ", "AgEB", "AYA", "AYCAgICAgICAgIAB", "' OR 1=1", "a\u0000"})
    void refuses_whatIsNoneOfOurs(String id) {
        assertThat(Positions.parse(id)).isEmpty();
    }

    @Test
    void countsOnlyWhereItIsAhead() {
        Positions here = Positions.of(5, 9);
        Positions there = Positions.of(7, 4, 2);

        assertThat(there.ahead(here)).isEqualTo(4);
        assertThat(here.ahead(there)).isEqualTo(5);
        assertThat(here.hasReached(there)).isFalse();
        assertThat(here.furthest(there).id()).isEqualTo(Positions.of(7, 9, 2).id());
        assertThat(here.furthest(there).hasReached(there)).isTrue();
    }

    private static Long[] box(long[] next) {
        return Arrays.stream(next).boxed().toArray(Long[]::new);
    }
}
