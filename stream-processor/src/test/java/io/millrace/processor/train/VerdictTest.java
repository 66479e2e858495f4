package io.millrace.processor.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.processor.train.measure.Interval;
import org.junit.jupiter.api.Test;

/** The simpler model unless the other is better beyond chance; none that beats nothing; unless it is forced. */
final class VerdictTest {
    private static final Interval BETTER = new Interval(-0.1, -0.2, -0.01);
    private static final Interval PERHAPS = new Interval(-0.1, -0.2, 0.01);

    @Test
    void network_onlyWhereItIsBetterBeyondChance() {
        assertThat(Verdict.of(BETTER, BETTER, BETTER, true, false)).isEqualTo(new Verdict(true, null, null));
        assertThat(Verdict.of(PERHAPS, BETTER, BETTER, true, false)).isEqualTo(new Verdict(false, null, null));
    }

    @Test
    void nothing_whereThePriorRateIsAsGood() {
        assertThat(Verdict.of(BETTER, PERHAPS, BETTER, true, false).refusal())
                .startsWith("the network does not beat the prior rate beyond chance");
        assertThat(Verdict.of(PERHAPS, BETTER, PERHAPS, true, false).refusal())
                .startsWith("logistic regression does not beat the prior rate beyond chance");
    }

    @Test
    void nothing_whereLogisticRegressionIsAsGoodAndCannotServe() {
        assertThat(Verdict.of(PERHAPS, BETTER, BETTER, false, false).refusal())
                .startsWith("the network does not beat logistic regression beyond chance");
    }

    @Test
    void network_whereItIsForcedAndTheCardSaysOverWhat() {
        Verdict forced = Verdict.of(PERHAPS, BETTER, BETTER, true, true);

        assertThat(forced.network()).isTrue();
        assertThat(forced.refusal()).isNull();
        assertThat(forced.overruled()).startsWith("the network does not beat logistic regression beyond chance");
        assertThat(Verdict.of(BETTER, BETTER, BETTER, true, true)).isEqualTo(new Verdict(true, null, null));
    }
}
