package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A user whose state is written and read between any two events, as the store does. */
final class OneUser {
    private final Manifest model;
    private FeaturePlan plan;
    private byte[] bytes;

    OneUser(Duration lateness, FeatureSpec... features) {
        this(lateness, Samples.model("m", features));
    }

    OneUser(Duration lateness, Manifest model) {
        this.model = model;
        plan = FeaturePlan.compile(List.of(model), lateness);
        bytes = plan.encode(plan.empty());
    }

    FeaturePlan plan() {
        return plan;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    void use(FeaturePlan other) {
        plan = other;
    }

    FeatureResult result(Event event, String traits) {
        Observation o = plan.observe(event);
        UserState state = plan.advance(plan.decode(bytes, 0, bytes.length), o);
        FeatureResult result = plan.inputs(model.model(), state, o, Traits.of(JsonObject.of(traits)));
        bytes = plan.encode(state);
        return result;
    }

    Inputs inputs(Event event) {
        return inputs(event, "{}");
    }

    Inputs inputs(Event event, String traits) {
        FeatureResult result = result(event, traits);
        assertThat(result).isInstanceOf(FeatureResult.Computed.class);
        return ((FeatureResult.Computed) result).inputs();
    }

    float[] values(Event event) {
        return inputs(event).values();
    }

    Inputs.Sequence sequence(Event event) {
        return Objects.requireNonNull(inputs(event).sequence());
    }

    String refusal(Event event) {
        FeatureResult result = result(event, "{}");
        assertThat(result).isInstanceOf(FeatureResult.Refused.class);
        assertThat(((FeatureResult.Refused) result).reason()).isEqualTo(Reason.INVALID_FEATURE);
        return ((FeatureResult.Refused) result).detail();
    }
}
