package io.millrace.processor.model;

/** Hears how a fit goes. */
@FunctionalInterface
public interface FitWatcher {
    /**
     * One pass over the examples, as it went; without validation examples, {@code validationLoss} is the other.
     *
     * @param number from 1
     * @param trainLoss weighted log loss, mean over the pass
     * @param validationLoss weighted log loss after it
     */
    record Epoch(int number, double trainLoss, double validationLoss) {}

    /** An epoch is over. */
    void epoch(Epoch epoch);

    /**
     * A step is done; called often, from the thread that fits.
     *
     * @param epoch from 1
     * @param done examples of this epoch
     * @param loss of the step
     */
    default void step(int epoch, int done, double loss) {}
}
