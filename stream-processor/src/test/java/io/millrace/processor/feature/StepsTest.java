package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.property;
import static io.millrace.processor.feature.Samples.track;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sequence of the last events: here three of them, each with its price and the seconds since the one before. */
final class StepsTest {
    private static OneUser user(String... events) {
        SequenceSpec spec =
                new SequenceSpec(3, List.of(events), List.of(property("price", "price", null, -1)), "since", null);
        return new OneUser(Duration.ofSeconds(100), Samples.model("m", List.of(), spec));
    }

    private static Event view(int second, int price) {
        return track("viewed", MONDAY.plusSeconds(second), "{\"price\":" + price + "}");
    }

    @Test
    void growsToItsLength_thenForgetsTheOldest() {
        OneUser user = user();

        Inputs.Sequence first = user.sequence(view(0, 1));
        user.sequence(view(10, 2));
        user.sequence(view(12, 3));
        Inputs.Sequence fourth = user.sequence(track("viewed", MONDAY.plusSeconds(15), "{}"));

        assertThat(first.names()).containsExactly("price", "since");
        assertThat(first.values()).containsExactly(1, 0);
        assertThat(fourth.steps()).isEqualTo(3);
        assertThat(fourth.values()).containsExactly(2, 10, 3, 2, -1, 3);
    }

    @Test
    void endsWithTheEvent_whenItIsLate() {
        OneUser user = user();
        user.sequence(view(0, 1));
        user.sequence(view(10, 2));

        assertThat(user.sequence(view(4, 3)).values()).containsExactly(1, 0, 3, 4);
        assertThat(user.sequence(view(11, 4)).values()).containsExactly(3, 4, 2, 6, 4, 1);
    }

    @Test
    void keepsTheOrderOfArrival_whenTimesAreEqual() {
        OneUser user = user();
        user.sequence(view(0, 1));
        user.sequence(view(0, 2));

        assertThat(user.sequence(view(0, 3)).values()).containsExactly(1, 0, 2, 0, 3, 0);
    }

    @Test
    void showsTheEventAlone_whenNewerOnesTakeAllPlaces() {
        OneUser user = user();
        for (int i = 10; i < 15; i++) {
            user.sequence(view(i, i));
        }

        assertThat(user.sequence(view(5, 5)).values()).containsExactly(5, 0);
        assertThat(user.sequence(view(15, 15)).values()).containsExactly(13, 1, 14, 1, 15, 1);
    }

    @Test
    void showsTheEventButForgetsIt_whenItIsTooLate() {
        OneUser user = user();
        user.sequence(view(0, 1));
        user.sequence(view(200, 2));

        assertThat(user.sequence(view(50, 3)).values()).containsExactly(1, 0, 3, 50);
        assertThat(user.sequence(view(201, 4)).values()).containsExactly(1, 0, 2, 200, 4, 1);
    }

    @Test
    void showsWhatWasBefore_whenTheEventIsNoStep() {
        OneUser user = user("viewed");
        user.sequence(view(0, 1));

        assertThat(user.sequence(track("bought", MONDAY.plusSeconds(1), "{\"price\":9}"))
                        .values())
                .containsExactly(1, 0);
        assertThat(user.sequence(track("bought", MONDAY.minusSeconds(1), "{}")).steps())
                .isZero();
    }
}
