package io.millrace.processor.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.processor.train.measure.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class CurvesTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @Test
    void curves_goThroughEveryThreshold() {
        Curves curves = Curves.of(judged(new float[] {0.9f, 0.8f, 0.8f, 0.1f}, true, true, false, false));

        assertThat(curves.roc())
                .containsExactly(
                        new Curves.Point(0, 0),
                        new Curves.Point(0, 0.5),
                        new Curves.Point(0.5, 1),
                        new Curves.Point(1, 1));
        assertThat(curves.precisionRecall())
                .containsExactly(new Curves.Point(0.5, 1), new Curves.Point(1, 2.0 / 3), new Curves.Point(1, 0.5));
        assertThat(curves.gains()).contains(new Curves.Point(0.25, 0.5), new Curves.Point(0.75, 1));
    }

    @Test
    void area_underTheThinnedCurveIsTheAuc() {
        Random random = new Random(1);
        float[] scores = new float[5000];
        boolean[] labels = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextFloat();
            labels[i] = random.nextFloat() < scores[i];
        }
        Judged judged = judged(scores, labels);

        List<Curves.Point> roc = Curves.of(judged).roc();

        double area = 0;
        for (int i = 1; i < roc.size(); i++) {
            area += (roc.get(i).x() - roc.get(i - 1).x())
                    * (roc.get(i).y() + roc.get(i - 1).y())
                    / 2;
        }
        double auc = Figures.of(judged, 0.5).figures().get(0).interval().value();
        assertThat(roc).hasSizeLessThan(300);
        assertThat(area).isCloseTo(auc, within(0.002));
        assertThat(Curves.of(judged).calibration())
                .hasSize(10)
                .allSatisfy(bin -> assertThat(bin.share().value()).isCloseTo(bin.score(), within(0.08)));
        assertThat(Curves.of(judged).histogram().stream()
                        .mapToDouble(Curves.Bar::positives)
                        .sum())
                .isCloseTo(1, EXACT);
    }

    @Test
    void wilson_staysWithinTheScaleAndKnowsSmallNumbers() {
        // Newcombe (1998), table I: 15 of 148.
        Interval interval = Curves.wilson(15, 148);
        assertThat(interval.low()).isCloseTo(0.0624, within(5e-5));
        assertThat(interval.high()).isCloseTo(0.1605, within(5e-5));
        assertThat(Curves.wilson(0, 5).low()).isZero();
    }

    @Test
    void lift_isPositivesInTheTopTenthAgainstByLot() {
        float[] scores = new float[100];
        boolean[] labels = new boolean[100];
        for (int i = 0; i < 100; i++) {
            scores[i] = i / 100f;
            labels[i] = i % 20 == 19 || i == 98; // 19, 39, 59, 79, 98, 99
        }

        assertThat(Figures.of(judged(scores, labels), 0.5).figures())
                .filteredOn(figure -> figure.key().equals("liftAt10"))
                .singleElement()
                .satisfies(figure -> assertThat(figure.interval().value()).isCloseTo((2.0 / 6) / 0.1, EXACT));
    }

    static Judged judged(float[] scores, boolean... labels) {
        List<UserKey> users = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            users.add(new UserKey(new Source("s"), false, "u" + i));
        }
        return new Judged(users, scores, labels, List.of());
    }
}
