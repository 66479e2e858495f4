package io.millrace.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.model.Reference;
import io.millrace.model.Reference.Bins;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The figures against their definitions, computed here pair by pair and prediction by prediction. */
class QualityFiguresTest {
    private static final float THRESHOLD = 0.3f;

    private record Known(float score, boolean positive) {}

    @Test
    void figures_areThoseOfTheirDefinitions() {
        List<Known> known = some(3_000, 7);
        QualityFigures figures = QualityFigures.of(count(known), null);

        assertThat(figures.known()).isEqualTo(3_000);
        assertThat(figures.positives())
                .isEqualTo(known.stream().filter(Known::positive).count());
        assertThat(Objects.requireNonNull(figures.aucError())).isLessThan(0.005);
        assertThat(figures.auc()).isCloseTo(auc(known), within(figures.aucError() + 1e-12));
        assertThat(figures.brier())
                .isCloseTo(
                        known.stream()
                                .mapToDouble(QualityFiguresTest::squared)
                                .average()
                                .orElseThrow(),
                        within(1e-8));
        assertThat(figures.logLoss())
                .isCloseTo(
                        known.stream()
                                .mapToDouble(QualityFiguresTest::loss)
                                .average()
                                .orElseThrow(),
                        within(1e-8));
        double said = known.stream().filter(k -> k.score() >= THRESHOLD).count();
        double right = known.stream()
                .filter(k -> k.score() >= THRESHOLD && k.positive())
                .count();
        assertThat(figures.precision()).isCloseTo(right / said, within(1e-12));
        assertThat(figures.recall()).isCloseTo(right / figures.positives(), within(1e-12));
        assertThat(figures.f1()).isCloseTo(2 * right / (said + figures.positives()), within(1e-12));
        assertThat(figures.ece()).isCloseTo(ece(known), within(1e-8));
    }

    @Test
    void countsOfThreeParts_addUpToThoseOfOne() {
        List<Known> known = some(900, 11);
        QualityCounts sum = count(known.subList(0, 100));

        sum.add(count(known.subList(100, 650)));
        sum.add(count(known.subList(650, 900)));

        assertThat(sum).isEqualTo(count(known));
        assertThat(QualityFigures.of(sum, null)).isEqualTo(QualityFigures.of(count(known), null));
    }

    @Test
    void countsOfOtherBins_areNotAdded() {
        assertThatThrownBy(() -> new QualityCounts(3, 2).add(new QualityCounts(3, 4)))
                .hasMessageContaining("same reference");
    }

    @Test
    void whatCannotBeTold_isNull() {
        QualityFigures figures = QualityFigures.of(count(List.of(new Known(0.5f, true))), null);

        assertThat(figures.auc()).isNull();
        assertThat(figures.score()).isNull();
        assertThat(figures.recall()).isEqualTo(1.0);
        assertThat(QualityFigures.of(count(List.of(new Known(7f, true), new Known(-7f, false))), null))
                .satisfies(logits -> {
                    assertThat(logits.auc()).isEqualTo(1.0);
                    assertThat(logits.brier()).isNull();
                    assertThat(logits.ece()).isNull();
                });
    }

    /** By hand: shares 0.5, 0.5 against 0.25, 0.75. */
    @Test
    void drift_isWhatItsFormulasGiveByHand() {
        Drift drift = Drift.of(new long[] {10, 10}, List.of(0.25, 0.75));

        assertThat(drift.psi()).isCloseTo(0.25 * Math.log(2) - 0.25 * Math.log(2.0 / 3), within(1e-12));
        assertThat(drift.psi()).isCloseTo(0.274653, within(1e-6));
        assertThat(drift.jensenShannon()).isCloseTo(0.2208958, within(1e-6));
        assertThat(Drift.of(new long[] {1, 3}, List.of(0.25, 0.75))).isEqualTo(new Drift(0, 0));
        assertThat(Drift.of(new long[] {5, 0}, List.of(0.0, 1.0)).jensenShannon())
                .isCloseTo(1, within(1e-12));
        assertThat(Drift.of(new long[] {5, 0}, List.of(0.0, 1.0)).psi()).isFinite();
    }

    @Test
    void drift_isOfEachFeatureByItsName() {
        Bins halves = new Bins(List.of(0f), List.of(0.5, 0.5));
        Reference reference = new Reference(10, Map.of("b", halves, "a", halves), halves);
        QualityCounts counts = QualityRecord.counts(reference);
        counts.predicted();
        counts.score(1);
        counts.feature(0, 1);

        QualityFigures figures = QualityFigures.of(counts, reference);

        assertThat(figures.features()).containsOnlyKeys("a");
        assertThat(figures.score()).isEqualTo(figures.features().get("a"));
    }

    @Test
    void bins_ascendWithTheScore() {
        int before = 0;
        for (float score = -5; score <= 5; score += 0.001f) {
            int bin = ScoreBins.of(score);
            assertThat(bin).isBetween(before, ScoreBins.COUNT - 1);
            assertThat(ScoreBins.isInner(bin)).isEqualTo(score >= 0 && score <= 1);
            before = bin;
        }
        assertThat(ScoreBins.of(-Float.MAX_VALUE)).isZero();
        assertThat(ScoreBins.of(Float.MAX_VALUE)).isEqualTo(ScoreBins.COUNT - 1);
        assertThat(ScoreBins.of(0)).isEqualTo(ScoreBins.OUTER);
        assertThat(ScoreBins.of(1)).isEqualTo(ScoreBins.OUTER + ScoreBins.INNER - 1);
    }

    private static List<Known> some(int count, long seed) {
        Random random = new Random(seed);
        return java.util.stream.Stream.generate(() -> {
                    float score = (float) (1 / (1 + Math.exp(2 - 1.5 * random.nextGaussian())));
                    return new Known(score, random.nextDouble() < score);
                })
                .limit(count)
                .toList();
    }

    private static QualityCounts count(List<Known> all) {
        QualityCounts counts = new QualityCounts(0);
        all.forEach(known -> counts.known(known.score(), THRESHOLD, known.positive()));
        return counts;
    }

    private static double auc(List<Known> all) {
        double wins = 0;
        double pairs = 0;
        for (Known positive : all.stream().filter(Known::positive).toList()) {
            for (Known negative : all.stream().filter(k -> !k.positive()).toList()) {
                wins += positive.score() > negative.score() ? 1 : positive.score() == negative.score() ? 0.5 : 0;
                pairs++;
            }
        }
        return wins / pairs;
    }

    private static double squared(Known known) {
        return Math.pow(known.score() - (known.positive() ? 1 : 0), 2);
    }

    private static double loss(Known known) {
        return -Math.log(known.positive() ? known.score() : 1 - (double) known.score());
    }

    private static double ece(List<Known> all) {
        double sum = 0;
        for (int tenth = 0; tenth < 10; tenth++) {
            int bin = tenth;
            List<Known> in = all.stream()
                    .filter(k -> Math.min(9, (int) (k.score() * 10)) == bin)
                    .toList();
            sum += Math.abs(in.stream()
                    .mapToDouble(k -> k.score() - (k.positive() ? 1 : 0))
                    .sum());
        }
        return sum / all.size();
    }
}
