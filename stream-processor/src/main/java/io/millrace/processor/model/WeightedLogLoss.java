package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * Mean negative log-likelihood of logits {@code z} and labels {@code y}, positives weighted by {@code w}:
 * {@code (1 + (w − 1) y) · (max(z, 0) − z y + ln(1 + e^−|z|))}, which does not overflow.
 */
final class WeightedLogLoss extends Loss {
    private final float positiveWeight;

    WeightedLogLoss(float positiveWeight) {
        super("WeightedLogLoss");
        this.positiveWeight = positiveWeight;
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray z = predictions.singletonOrThrow();
        NDArray y = labels.singletonOrThrow();
        NDArray loss = z.maximum(0).sub(z.mul(y)).add(z.abs().neg().exp().add(1).log());
        return loss.mul(y.mul(positiveWeight - 1).add(1)).mean();
    }
}
