package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenFilterTest {
    private static final long DAY = SeenEvents.WINDOW.toMillis();
    private static final int MANY = 200_000;

    private final HeapRoom room = new HeapRoom(16 << 20);
    private final SeenFilter filter = new SeenFilter(room);

    @Test
    void neverDeniesWhatItWasTold_andSeldomAffirmsAnythingElse() {
        Random random = new Random(1);
        for (int i = 0; i < MANY; i++) {
            filter.add(key(random), DAY);
        }

        Random again = new Random(1);
        for (int i = 0; i < MANY; i++) {
            assertThat(filter.mayHave(key(again), DAY)).isTrue();
        }
        int wrong = 0;
        for (int i = 0; i < MANY; i++) {
            wrong += filter.mayHave(key(again), DAY) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(MANY / 200);
    }

    @Test
    void keepsWindowsApart() {
        byte[] key = key(new Random(2));
        filter.add(key, DAY);

        assertThat(filter.mayHave(key, DAY)).isTrue();
        assertThat(filter.mayHave(key, 2 * DAY)).isFalse();
    }

    @Test
    void deniesNothing_whereItHasNoRoom() {
        SeenFilter small = new SeenFilter(new HeapRoom(10_000));
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            small.add(key(random), DAY);
        }

        assertThat(small.mayHave(key(random), DAY)).isTrue();
        assertThat(small.mayHave(key(random), 2 * DAY)).isFalse();
    }

    @Test
    void givesItsRoomBack_whenWindowsAreOver() {
        long all = room.left();
        Random random = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            filter.add(key(random), (1 + i % 3) * DAY);
        }
        filter.dropBefore(3 * DAY);
        long third = all - room.left();
        filter.close();

        assertThat(third).isPositive().isLessThan(64 << 10);
        assertThat(room.left()).isEqualTo(all);
    }

    private static byte[] key(Random random) {
        return ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
    }
}
