package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.distinct;
import static io.millrace.processor.feature.Samples.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DistinctsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static float see(OneUser user, int minute, String json) {
        return user.values(track("viewed", MONDAY.plus(Duration.ofMinutes(minute)), "{\"p\":" + json + "}"))[0];
    }

    @Test
    void countsExactly_whilePanesAreSmall() {
        OneUser user = new OneUser(HOUR, distinct("f", "p", HOUR));

        for (int i = 0; i < 160; i++) {
            int minute = i / 16 * 5;
            assertThat(see(user, minute, "\"p" + i + "\"")).isEqualTo(i + 1);
            assertThat(see(user, minute, "\"p" + (i - i % 16) + "\"")).isEqualTo(i + 1);
        }
    }

    @Test
    void countsWhatIsWritten() {
        OneUser user = new OneUser(HOUR, distinct("f", "p", HOUR));

        assertThat(see(user, 0, "5")).isEqualTo(1);
        assertThat(see(user, 1, "\"5\"")).isEqualTo(1);
        assertThat(see(user, 2, "5.0")).isEqualTo(2);
        assertThat(see(user, 3, "true")).isEqualTo(3);
        assertThat(see(user, 4, "null")).isEqualTo(3);
        assertThat(see(user, 5, "{}")).isEqualTo(3);
        assertThat(see(user, 6, "\"\"")).isEqualTo(4);
    }

    @Test
    void estimates_whenAPaneHasManyValues() {
        OneUser user = new OneUser(HOUR, distinct("f", "p", HOUR));

        for (int i = 1; i <= 500; i++) {
            float seen = see(user, i / 9, "\"product-" + i + "\"");
            assertThat((double) seen).as("of %d", i).isCloseTo(i, within(Math.max(3, i * 0.12)));
        }
    }

    @Test
    void neverExceedsWhatTheBitmapCanTell() {
        OneUser user = new OneUser(HOUR, distinct("f", "p", HOUR));
        float seen = 0;

        for (int i = 0; i < 20_000; i++) {
            seen = see(user, 0, Integer.toString(i));
        }

        assertThat(seen).isEqualTo((float) Math.rint(512 * Math.log(512)));
    }
}
