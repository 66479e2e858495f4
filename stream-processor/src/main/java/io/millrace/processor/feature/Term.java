package io.millrace.processor.feature;

/** One feature's value before its transform; never NaN. */
@FunctionalInterface
interface Term {
    /** @param before the raw values of the model's features that are computed so far, by their place in the manifest */
    double raw(UserState state, Observation o, Traits traits, double[] before);
}
