package io.millrace.processor.train;

import io.millrace.processor.train.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Which model is written, if any. "Better" is: the log loss on the held examples is lower, and so is the 97.5 % bound of
 * the difference over the bootstrap's draws.
 *
 * @param network whether the network; else logistic regression
 * @param refusal why it is not written, or null
 * @param overruled why the network would not have been written had that not been forced, or null
 */
record Verdict(
        boolean network, @Nullable String refusal, @Nullable String overruled) {
    /**
     * Decides. The network is chosen where it is better than logistic regression, or that cannot serve, or it is forced;
     * else logistic regression, the simpler one, is as good. What is chosen must be better than the prior rate, and a
     * network better than logistic regression.
     *
     * @param toLogistic loss of the network less that of logistic regression
     * @param networkToPrior loss of the network less that of the prior rate
     * @param logisticToPrior loss of logistic regression less that of the prior rate
     * @param logisticShips whether logistic regression can serve
     */
    static Verdict of(
            Interval toLogistic,
            Interval networkToPrior,
            Interval logisticToPrior,
            boolean logisticShips,
            boolean forced) {
        boolean better = isBetter(toLogistic);
        if (forced) {
            String wanting = wanting(true, networkToPrior);
            return new Verdict(
                    true,
                    null,
                    wanting != null || better ? wanting : sentence(true, "logistic regression", toLogistic));
        }
        boolean network = better || !logisticShips;
        String wanting = wanting(network, network ? networkToPrior : logisticToPrior);
        boolean beaten = !better && !logisticShips;
        return new Verdict(
                network,
                wanting != null || !beaten ? wanting : sentence(true, "logistic regression", toLogistic),
                null);
    }

    private static @Nullable String wanting(boolean network, Interval toPrior) {
        return isBetter(toPrior) ? null : sentence(network, "the prior rate", toPrior);
    }

    private static String sentence(boolean network, String baseline, Interval difference) {
        return (network ? "the network" : "logistic regression") + " does not beat " + baseline
                + " beyond chance: its log loss less that one's is " + difference
                + ", expected all of the interval below 0";
    }

    private static boolean isBetter(Interval lossDifference) {
        return lossDifference.high() < 0;
    }
}
