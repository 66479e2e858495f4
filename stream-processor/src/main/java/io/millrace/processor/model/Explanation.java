package io.millrace.processor.model;

import java.util.List;

/**
 * Why a score is what it is: how much each input moved it from what the model says of the baseline. Contributions are in
 * the unit of the model's own output, which is a logit where the score is its logistic function.
 *
 * @param method how it was found
 * @param logit whether the output is a logit
 * @param output of the inputs
 * @param baselineOutput of the baseline
 * @param error by how much the contributions miss {@code output − baselineOutput} when added up
 * @param features one a dense feature, in tensor order; a vector's values are added up
 * @param sequence one a feature of a step, added up over the steps; empty where there is none
 */
public record Explanation(
        Method method,
        boolean logit,
        double output,
        double baselineOutput,
        double error,
        List<Contribution> features,
        List<Contribution> sequence) {

    /** How contributions were found. */
    public enum Method {
        /** Weight × (value − baseline), exact for a model that is linear before its logistic function. */
        LINEAR,
        /** Mean gradient on the way from the baseline × (value − baseline) (Sundararajan, Taly and Yan 2017). */
        INTEGRATED_GRADIENTS,
        /** Output less that with the one feature at its baseline, for models that give no gradients. */
        OCCLUSION
    }

    /**
     * One feature's.
     *
     * @param name as the manifest declares it
     * @param contribution to the output
     */
    public record Contribution(String name, double contribution) {}

    public Explanation {
        features = List.copyOf(features);
        sequence = List.copyOf(sequence);
    }
}
