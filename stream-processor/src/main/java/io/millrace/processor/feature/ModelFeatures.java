package io.millrace.processor.feature;

import io.millrace.deadletter.Reason;
import io.millrace.model.Transform;
import io.millrace.prediction.Inputs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model's declared features, compiled.
 *
 * @param slots the dense features, in tensor order
 * @param scalars features of one value, each after those that it needs
 * @param vectors features that are an array of the event's
 * @param width how many values the dense input has
 * @param sequence the sequence input, or null
 */
record ModelFeatures(
        List<Inputs.Slot> slots,
        Scalar[] scalars,
        Vector[] vectors,
        int width,
        @Nullable StepSequence sequence) {
    /**
     * A feature of one value.
     *
     * @param feature its place in the manifest
     * @param at its place in the tensor
     */
    record Scalar(int feature, int at, Term term, Transform transform) {}

    /** A feature that is an array of the event's. */
    record Vector(String name, String property, int field, int at, int size) {}

    FeatureResult compute(UserState state, Observation o, Traits traits) {
        float[] values = new float[width];
        for (Vector vector : vectors) {
            @Nullable FloatVector found = o.vector(vector.field());
            if (found == null || found.size() != vector.size()) {
                return refuse(vector, found);
            }
            System.arraycopy(found.values(), 0, values, vector.at(), vector.size());
        }
        double[] raw = new double[slots.size()];
        for (Scalar scalar : scalars) {
            double value = scalar.term().raw(state, o, traits, raw);
            raw[scalar.feature()] = value;
            values[scalar.at()] = OwnValue.finish(scalar.transform(), value);
        }
        return new FeatureResult.Computed(
                new Inputs(slots, values, sequence == null ? null : sequence.compute(state, o)));
    }

    private static FeatureResult refuse(Vector vector, @Nullable FloatVector found) {
        String what = found == null
                ? "is not there"
                : found.size() < 0 ? "is no array of float32 numbers" : "has " + found.size() + " numbers";
        return new FeatureResult.Refused(
                Reason.INVALID_FEATURE,
                "feature " + vector.name() + ": property \"" + vector.property() + "\" " + what
                        + ", expected an array of " + vector.size() + " numbers");
    }
}
