package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The engine against {@link SlowFeatures}: any features, any events, the state written and read between any two. */
final class FeaturePlanProperties {
    private static final int EVENTS = 100;
    private static final JsonObject TRAITS = JsonObject.of("{\"age\":41.5,\"plan\":\"shoes\"}");

    /** What happens follows from the seed alone; there is nothing to shrink. */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void engineEqualsReference(@ForAll long seed) {
        Random random = new Random(seed);
        RandomFeatures features = new RandomFeatures(random);
        List<Manifest> models = List.of(features.model("one"), features.model("two"));
        Duration lateness = random.nextInt(4) == 0 ? Duration.ZERO : features.duration();
        RandomEvents events = new RandomEvents(random, features.duration(), lateness);
        FeaturePlan plan = FeaturePlan.compile(models, lateness);
        FeaturePlan reordered = FeaturePlan.compile(List.of(models.get(1), models.get(0)), lateness);
        SlowFeatures slow = new SlowFeatures(lateness);
        byte[] bytes = plan.encode(plan.empty());

        for (int i = 0; i < EVENTS; i++) {
            Event event = events.next();
            FeaturePlan now = random.nextBoolean() ? plan : reordered;
            Observation o = now.observe(event);
            UserState state = now.advance(now.decode(bytes, 0, bytes.length), o);
            slow.add(event);
            for (Manifest model : models) {
                FeatureResult actual = now.inputs(model.model(), state, o, Traits.of(TRAITS));
                assertSame(actual, slow.inputs(model, TRAITS), "event " + i + " of " + model.features());
            }
            bytes = now.encode(state);
            assertThat((long) bytes.length).isLessThanOrEqualTo(now.maxStateBytes());
        }
    }

    private static void assertSame(FeatureResult actual, FeatureResult expected, String where) {
        assertThat(actual.getClass()).as(where).isEqualTo(expected.getClass());
        if (actual instanceof FeatureResult.Computed a && expected instanceof FeatureResult.Computed e) {
            assertThat(a.inputs().slots()).isEqualTo(e.inputs().slots());
            assertThat(a.inputs().values()).as(where).containsExactly(e.inputs().values());
            Inputs.Sequence steps = a.inputs().sequence();
            Inputs.Sequence expectedSteps = e.inputs().sequence();
            if (steps == null || expectedSteps == null) {
                assertThat(steps).as(where).isEqualTo(expectedSteps);
            } else {
                assertThat(steps.names()).isEqualTo(expectedSteps.names());
                assertThat(steps.steps()).as(where).isEqualTo(expectedSteps.steps());
                assertThat(steps.values()).as(where).containsExactly(expectedSteps.values());
            }
        }
    }
}
