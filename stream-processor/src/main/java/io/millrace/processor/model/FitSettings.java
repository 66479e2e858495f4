package io.millrace.processor.model;

import io.millrace.model.Manifest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a network is fitted.
 *
 * @param recurrent what reads the sequence, or null where the model reads none
 * @param hidden units of each hidden layer; empty and without {@code recurrent} is logistic regression
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
        @Nullable Recurrent recurrent,
        List<Integer> hidden,
        float learningRate,
        float weightDecay,
        int batch,
        int epochs,
        int patience,
        float positiveWeight,
        long seed) {
    /**
     * The layer that reads the sequence.
     *
     * @param cell which
     * @param units of the hidden state
     */
    public record Recurrent(Manifest.Recurrent.Cell cell, int units) {
        public Recurrent {
            Objects.requireNonNull(cell, "fit.recurrent.cell");
            if (units < 1) {
                throw new IllegalArgumentException("fit.recurrent.units " + units + ": expected 1 or more");
            }
        }
    }

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
        return new FitSettings(
                recurrent, hidden, learningRate, weightDecay, batch, number, patience, positiveWeight, seed);
    }

    /** The same, without hidden layers and for dense values alone. */
    public FitSettings logistic() {
        return new FitSettings(
                null, List.of(), learningRate, weightDecay, batch, epochs, patience, positiveWeight, seed);
    }
}
