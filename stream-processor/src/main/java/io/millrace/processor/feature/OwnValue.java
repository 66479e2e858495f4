package io.millrace.processor.feature;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Transform;
import org.jspecify.annotations.Nullable;

/**
 * A property of the event alone, as a dense feature or as a value of a step.
 *
 * @param field where the observation keeps the number, or the comparison
 * @param compared whether it is a comparison
 * @param absent the raw value of an event without the property
 */
record OwnValue(int field, boolean compared, double absent, Transform transform) {
    static OwnValue of(FeatureSpec.Property spec, PropertyFields fields) {
        String text = spec.equalTo();
        int field = text == null ? fields.number(spec.property()) : fields.test(spec.property(), text);
        return new OwnValue(field, text != null, spec.absent(), orNone(spec.transform()));
    }

    static Transform orNone(@Nullable Transform transform) {
        return transform == null ? Transform.NONE : transform;
    }

    double raw(Observation o) {
        float value = compared ? o.test(field) : o.number(field);
        return Float.isNaN(value) ? absent : value;
    }

    float value(Observation o) {
        return finish(transform, raw(o));
    }

    /** The float32 that the model sees: transformed, and at most float32's greatest on either side. */
    static float finish(Transform transform, double raw) {
        double value = transform.apply(raw);
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }
}
