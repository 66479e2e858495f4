package io.millrace.processor.train.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.OutcomeSpec;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each way of telling an outcome, at its edges: strictly later, at most so much later, not known past the end. */
final class LabelsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final FeaturePlan PLAN = FeaturePlan.compile(List.of(), Duration.ZERO);

    @Test
    void event_isTrueWhereOneOfThemComesLaterAndInTime() {
        OutcomeSpec bought = new OutcomeSpec.Event(List.of("order", "subscribe"), MINUTE);

        assertThat(labels(bought, "view 0", "order 60", "end 500")).containsExactly(true, false, false);
        assertThat(labels(bought, "view 0", "subscribe 61", "end 500")).containsExactly(false, false, false);
        assertThat(labels(bought, "view 5", "order 5", "end 500")).containsExactly(false, false, false);
    }

    @Test
    void absence_isTrueWhereNothingComes() {
        OutcomeSpec gone = new OutcomeSpec.Absence(List.of(), MINUTE);

        assertThat(labels(gone, "view 0", "view 60", "view 121", "end 500")).containsExactly(false, true, true, true);
        assertThat(labels(new OutcomeSpec.Absence(List.of("order"), MINUTE), "view 0", "view 30", "end 500"))
                .containsExactly(true, true, true);
    }

    @Test
    void sum_isTrueAboveTheNumberAndNotAtIt() {
        OutcomeSpec spent = new OutcomeSpec.Sum("total", List.of("order"), MINUTE, 10);

        assertThat(labels(spent, "view 0", "order 10 {\"total\":4}", "order 60 {\"total\":6.5}", "end 500"))
                .containsExactly(true, false, false, false);
        assertThat(labels(spent, "view 0", "order 10 {\"total\":4}", "order 60 {\"total\":6}", "end 500"))
                .containsExactly(false, false, false, false);
        assertThat(labels(spent, "order 0 {\"total\":99}", "order 61 {\"total\":99}", "end 500"))
                .containsExactly(false, false, false);
    }

    @Test
    void property_isToldByTheEventItself() {
        OutcomeSpec robot = new OutcomeSpec.Property("robot", "true");

        assertThat(labels(robot, "edit 0 {\"robot\":true}", "edit 1 {\"robot\":false}", "edit 2"))
                .containsExactly(true, false, false);
    }

    @Test
    void unknown_whereTheTimeReachesPastTheNewestEventOfAll() {
        List<Observation> events = observations("view 0", "view 40", "end 100");
        Labels labels = new Labels(new OutcomeSpec.Event(List.of("order"), MINUTE), events);

        assertThat(events).extracting(labels::isKnown).containsExactly(true, true, false);
        assertThat(new Labels(new OutcomeSpec.Property("p", "x"), events).isKnown(events.get(2)))
                .isTrue();
    }

    private static List<Boolean> labels(OutcomeSpec outcome, String... events) {
        List<Observation> observed = observations(events);
        Labels labels = new Labels(outcome, observed);
        return observed.stream().map(labels::isPositive).toList();
    }

    /** Each {@code name second [properties]}; one named end is another user's. */
    private static List<Observation> observations(String... events) {
        List<Observation> observed = new ArrayList<>();
        for (String text : events) {
            String[] parts = text.split(" ", 3);
            observed.add(PLAN.observe(Shoppers.event(
                    parts[0].equals("end") ? "somebody" : "u",
                    parts[0],
                    Integer.parseInt(parts[1]),
                    parts.length > 2 ? parts[2] : "{}")));
        }
        return observed;
    }
}
