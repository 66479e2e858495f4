package io.millrace.processor.model;

import java.util.List;

/**
 * How a network is fitted.
 *
 * @param hidden units of each hidden layer; empty is logistic regression
 * @param learningRate of Adam
 * @param weightDecay L2 penalty on all parameters
 * @param batch examples a step
 * @param epochs at most
 * @param patience epochs without a better validation loss, after which it stops; the best epoch's weights are kept
 * @param positiveWeight how much a positive example counts; its effect on the scores' level is taken out of the last bias,
 *     so that they stay probabilities
 * @param seed of the first weights and of the order of examples; the same seed gives the same weights
 */
public record FitSettings(
        List<Integer> hidden,
        float learningRate,
        float weightDecay,
        int batch,
        int epochs,
        int patience,
        float positiveWeight,
        long seed) {
    public FitSettings {
        hidden = List.copyOf(hidden);
        if (!(learningRate > 0) || !(weightDecay >= 0) || !(positiveWeight > 0)) {
            throw new IllegalArgumentException("learningRate " + learningRate + ", weightDecay " + weightDecay
                    + ", positiveWeight " + positiveWeight + ": expected positive numbers");
        }
        if (batch < 1 || epochs < 1 || patience < 1) {
            throw new IllegalArgumentException("batch " + batch + ", epochs " + epochs + ", patience " + patience
                    + ": expected 1 or more of each");
        }
    }

    /** The same, for so many epochs. */
    public FitSettings withEpochs(int number) {
        return new FitSettings(hidden, learningRate, weightDecay, batch, number, patience, positiveWeight, seed);
    }

    /** The same, without hidden layers. */
    public FitSettings logistic() {
        return new FitSettings(List.of(), learningRate, weightDecay, batch, epochs, patience, positiveWeight, seed);
    }
}
