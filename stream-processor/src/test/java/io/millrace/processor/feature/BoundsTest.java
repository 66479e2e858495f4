package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.count;
import static io.millrace.processor.feature.Samples.recency;
import static io.millrace.processor.feature.Samples.track;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Users and clocks that want to do harm. */
final class BoundsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LATENESS = Duration.ofDays(1);

    private static final List<Duration> WINDOWS =
            List.of(Duration.ofDays(366), Duration.ofDays(30), HOUR, Duration.ofMinutes(7), Duration.ofSeconds(1));

    @Test
    void stateStaysBounded_whateverTheUserDoes() {
        FeaturePlan plan = FeaturePlan.compile(List.of(everything()), LATENESS);
        Random random = new Random(7);
        byte[] bytes = plan.encode(plan.empty());
        int largest = 0;
        Instant time = MONDAY;

        for (int round = 0; round < 6 * WINDOWS.size(); round++) {
            UserState state = plan.decode(bytes, 0, bytes.length);
            // From the longest window to the shortest, so that the panes of all of them fill.
            int step = (int) (WINDOWS.get(round % WINDOWS.size()).toMillis() / 250);
            for (int i = 0; i < 1000; i++) {
                time = time.plusMillis(random.nextInt(step));
                Instant at = random.nextBoolean() ? time : time.minusMillis(random.nextInt(90_000_000));
                float price = Float.intBitsToFloat(random.nextInt());
                String properties = "{\"product\":\"" + random.nextLong() + "\",\"price\":"
                        + (Float.isFinite(price) ? price : 1) + "}";
                state = plan.advance(state, plan.observe(track("e" + random.nextInt(), at, properties)));
            }
            bytes = plan.encode(state);
            largest = Math.max(largest, bytes.length);
        }

        assertThat((long) largest).isBetween(plan.maxStateBytes() / 2, plan.maxStateBytes());
    }

    private static Manifest everything() {
        List<FeatureSpec> features = new ArrayList<>();
        for (Duration window : WINDOWS) {
            long seconds = window.toSeconds();
            features.add(count("count" + seconds, window));
            for (FeatureSpec.Aggregate.Function function : FeatureSpec.Aggregate.Function.values()) {
                features.add(Samples.aggregate(function.name() + seconds, function, "price", window, 0));
            }
            features.add(Samples.distinct("distinct" + seconds, "product", window));
            features.add(Samples.gap("gap" + seconds, window, 0));
        }
        features.add(recency("recency", HOUR));
        SequenceSpec sequence =
                new SequenceSpec(200, List.of(), List.of(Samples.property("price", "price", null, 0)), "since", null);
        return Samples.model("m", features, sequence);
    }

    @Test
    void keepsTheHistory_whenAClockRunsAhead() {
        OneUser user = new OneUser(LATENESS, count("n", HOUR), recency("r", HOUR));
        user.values(track("a", MONDAY, "{}"));

        Instant received = MONDAY.plusSeconds(60);
        Event ahead = Samples.event(EventKind.TRACK, "a", received.plus(Duration.ofHours(23)), received, "{}", "{}");

        assertThat(user.values(ahead)).containsExactly(2, 60);
        assertThat(user.values(track("a", MONDAY.plusSeconds(61), "{}"))).containsExactly(3, 1);
    }

    @Test
    void survivesTimesBeyondTheCalendar() {
        OneUser user = new OneUser(LATENESS, count("n", HOUR), Samples.gap("g", HOUR, -1));

        assertThat(user.values(track("a", Instant.MIN, "{}"))).containsExactly(1, -1);
        assertThat(user.values(track("a", Instant.EPOCH.minusMillis(1), "{}"))).containsExactly(2, 0);
        assertThat(user.values(track("a", Instant.MAX, "{}"))).containsExactly(1, -1);
        assertThat(user.values(track("a", Instant.MAX, "{}"))).containsExactly(2, 0);
        assertThat(user.values(track("a", MONDAY, "{}"))).containsExactly(1, -1);
    }

    @Test
    void tellsHowAnEventArrived() {
        FeaturePlan plan = FeaturePlan.compile(List.of(Samples.model("m", count("n", HOUR))), HOUR);
        UserState state = plan.empty();
        Observation first = plan.observe(track("a", MONDAY, "{}"));

        assertThat(plan.arrival(state, first)).isEqualTo(Arrival.IN_ORDER);
        state = plan.advance(state, first);

        assertThat(plan.arrival(state, first)).isEqualTo(Arrival.IN_ORDER);
        assertThat(plan.arrival(state, plan.observe(track("a", MONDAY.minusMillis(1), "{}"))))
                .isEqualTo(Arrival.LATE);
        assertThat(plan.arrival(state, plan.observe(track("a", MONDAY.minus(HOUR), "{}"))))
                .isEqualTo(Arrival.LATE);
        assertThat(plan.arrival(
                        state, plan.observe(track("a", MONDAY.minus(HOUR).minusMillis(1), "{}"))))
                .isEqualTo(Arrival.TOO_LATE);
    }
}
