package io.millrace.processor.train.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class MeasureTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void rocAuc_isTheShareOfPairsInTheRightOrder() {
        Random random = new Random(1);
        float[] scores = new float[60];
        boolean[] labels = new boolean[60];
        int[] weights = new int[60];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(12) / 12f; // many ties
            labels[i] = random.nextInt(3) == 0;
            weights[i] = random.nextInt(4);
        }

        double right = 0;
        double pairs = 0;
        for (int p = 0; p < scores.length; p++) {
            for (int n = 0; n < scores.length; n++) {
                if (labels[p] && !labels[n]) {
                    double pair = (double) weights[p] * weights[n];
                    pairs += pair;
                    right += scores[p] > scores[n] ? pair : scores[p] == scores[n] ? pair / 2 : 0;
                }
            }
        }
        assertThat(new Measure(scores, labels).rocAuc(weights)).isCloseTo(right / pairs, EXACT);
    }

    @Test
    void prAuc_isPrecisionAtEachPositive() {
        Measure measure = new Measure(new float[] {0.9f, 0.8f, 0.7f, 0.6f}, new boolean[] {true, false, true, false});

        assertThat(measure.prAuc(measure.once())).isCloseTo((1.0 + 2.0 / 3) / 2, EXACT);
    }

    @Test
    void prAucOfOneScoreForAll_isTheShareOfPositives() {
        Measure measure = new Measure(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new boolean[] {true, false, false, false});

        assertThat(measure.prAuc(measure.once())).isCloseTo(0.25, EXACT);
        assertThat(measure.rocAuc(measure.once())).isCloseTo(0.5, EXACT);
    }

    @Test
    void lossAndBrier_areTheirFormulas() {
        Measure measure = new Measure(new float[] {0.75f, 0.25f}, new boolean[] {true, true});

        assertThat(measure.logLoss(new int[] {1, 3})).isCloseTo(-(Math.log(0.75) + 3 * Math.log(0.25)) / 4, EXACT);
        assertThat(measure.brier(new int[] {1, 3})).isCloseTo((0.0625 + 3 * 0.5625) / 4, EXACT);
    }

    @Test
    void ece_isNothingWhereScoresAreShares() {
        float[] scores = new float[1000];
        boolean[] labels = new boolean[1000];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i < 500 ? 0.1f : 0.6f;
            labels[i] = i < 500 ? i % 10 == 0 : i % 5 < 3;
        }
        Measure right = new Measure(scores, labels);
        assertThat(right.ece(right.once())).isCloseTo(0, within(1e-6));

        for (int i = 0; i < scores.length; i++) {
            scores[i] += 0.2f;
        }
        Measure wrong = new Measure(scores, labels);
        assertThat(wrong.ece(wrong.once())).isCloseTo(0.2, within(1e-6));
    }

    @Test
    void threshold_isWhereF1IsBest() {
        Measure measure = new Measure(
                new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}, new boolean[] {false, false, true, false, true});

        assertThat(measure.bestThreshold()).isCloseTo(0.3, within(1e-6));
        Measure.Confusion at = measure.confusion(measure.bestThreshold(), measure.once());
        assertThat(at).isEqualTo(new Measure.Confusion(2, 1, 0));
        assertThat(at.precision()).isCloseTo(2.0 / 3, EXACT);
        assertThat(at.recall()).isEqualTo(1);
    }
}
