package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.aggregate;
import static io.millrace.processor.feature.Samples.count;
import static io.millrace.processor.feature.Samples.gap;
import static io.millrace.processor.feature.Samples.recency;
import static io.millrace.processor.feature.Samples.track;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.model.FeatureSpec.Aggregate.Function;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the features over windows say; each window is an hour, of panes of five minutes. */
final class WindowTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LATENESS = Duration.ofMinutes(30);

    private static Event view(int minute) {
        return view(minute, "{}");
    }

    private static Event view(int minute, String properties) {
        return track("product_viewed", MONDAY.plus(Duration.ofMinutes(minute)), properties);
    }

    @Test
    void countsTheEventItself() {
        OneUser user = new OneUser(LATENESS, count("views", HOUR));

        assertThat(user.values(view(0))).containsExactly(1);
        assertThat(user.values(view(0))).containsExactly(2);
    }

    @Test
    void forgetsAPane_whenTheWindowHasPassedIt() {
        OneUser user = new OneUser(LATENESS, count("views", HOUR));

        user.values(view(0));
        user.values(view(5));

        assertThat(user.values(view(59))).containsExactly(3);
        assertThat(user.values(view(60))).containsExactly(3);
        assertThat(user.values(view(65))).containsExactly(3);
    }

    @Test
    void countsOnlyTheNamedEvents() {
        OneUser user = new OneUser(LATENESS, count("orders", HOUR, "order_completed"), count("all", HOUR));

        user.values(view(0));
        float[] order = user.values(track("order_completed", MONDAY, "{}"));

        assertThat(order).containsExactly(1, 2);
        assertThat(user.values(view(1))).containsExactly(1, 3);
    }

    @Test
    void doesNotSeeLaterPanes_whenTheEventIsLate() {
        OneUser user = new OneUser(LATENESS, count("views", HOUR));

        user.values(view(20));

        assertThat(user.values(view(10))).containsExactly(1);
        assertThat(user.values(view(21))).containsExactly(3);
    }

    @Test
    void leavesTheStateAlone_whenTheEventIsTooLate() {
        OneUser user = new OneUser(LATENESS, count("views", HOUR), recency("recency", HOUR));
        user.values(view(0));
        user.values(view(31));
        byte[] before = user.bytes();

        float[] tooLate = user.values(view(0));

        assertThat(tooLate).containsExactly(2, 0);
        assertThat(user.bytes()).isEqualTo(before);
        assertThat(user.values(view(32))).containsExactly(3, 60);
    }

    @Test
    void aggregatesAProperty() {
        OneUser user = new OneUser(
                LATENESS,
                aggregate("sum", Function.SUM, "price", HOUR, -1),
                aggregate("mean", Function.MEAN, "price", HOUR, -2),
                aggregate("min", Function.MIN, "price", HOUR, -3),
                aggregate("max", Function.MAX, "price", HOUR, -4));

        assertThat(user.values(view(0, "{\"price\":\"12\"}"))).containsExactly(-1, -2, -3, -4);
        assertThat(user.values(view(1, "{\"price\":2.5}"))).containsExactly(2.5f, 2.5f, 2.5f, 2.5f);
        assertThat(user.values(view(2, "{\"price\":-0.5}"))).containsExactly(2, 1, -0.5f, 2.5f);
        assertThat(user.values(view(7, "{\"price\":4}"))).containsExactly(6, 2, -0.5f, 4);
        assertThat(user.values(view(8))).containsExactly(6, 2, -0.5f, 4);
    }

    @Test
    void takesTheMeanOfTheGaps() {
        OneUser user = new OneUser(LATENESS, gap("gap", HOUR, -1));

        assertThat(user.values(view(0))).containsExactly(-1);
        assertThat(user.values(view(1))).containsExactly(60);
        assertThat(user.values(view(10))).containsExactly(300);
    }

    @Test
    void measuresRecencyBeforeTheEvent() {
        OneUser user = new OneUser(LATENESS, recency("any", HOUR), recency("order", HOUR, "order_completed"));

        assertThat(user.values(view(0))).containsExactly(3600, 3600);
        assertThat(user.values(track("order_completed", MONDAY.plusMillis(1500), "{}")))
                .containsExactly(1.5f, 3600);
        assertThat(user.values(view(2))).containsExactly(118.5f, 118.5f);
        assertThat(user.values(view(180))).containsExactly(3600, 3600);
    }

    @Test
    void findsTheEventBefore_whenTheEventIsLate() {
        OneUser user = new OneUser(LATENESS, recency("any", HOUR));

        user.values(view(0));
        user.values(view(10));

        assertThat(user.values(view(4))).containsExactly(240);
        assertThat(user.values(view(11))).containsExactly(60);
    }
}
