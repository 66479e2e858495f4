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
        StateBackup backup = new StateBackup();
        UserState state = plan.empty();

        for (int i = 0; i < EVENTS; i++) {
            Event event = events.next();
            // One stretch of events is taken by a state that nobody encodes, the next by one that is read from bytes.
            if (random.nextInt(4) == 0) {
                byte[] bytes = state.toBytes();
                assertThat((long) bytes.length).isLessThanOrEqualTo(plan.maxStateBytes());
                state = (random.nextBoolean() ? plan : reordered).decode(bytes, 0, bytes.length);
            }
            FeaturePlan now = state.plan;
            Observation o = now.observe(event);
            fail(now, state, events.next(), backup);
            state = now.advance(state, o);
            slow.add(event);
            for (Manifest model : models) {
                FeatureResult actual = now.inputs(model.model(), state, o, Traits.of(TRAITS));
                assertSame(actual, slow.inputs(model, TRAITS), "event " + i + " of " + model.features());
            }
        }
    }

    /** An event that fails after it has changed the state. */
    private static void fail(FeaturePlan plan, UserState state, Event event, StateBackup backup) {
        backup.save(state);
        plan.advance(state, plan.observe(event));
        backup.restore(state);
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
