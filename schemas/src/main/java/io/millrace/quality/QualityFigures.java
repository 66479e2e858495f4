package io.millrace.quality;

import io.millrace.model.Reference;
import io.millrace.quality.QualityCounts.Total;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a model version, of counts that were added up before. What cannot be told yet is null: the AUC needs both
 * a positive and a negative, drift needs a reference and a prediction.
 *
 * @param predictions made
 * @param known those whose outcome is known
 * @param positives among them
 * @param dropped predictions whose outcome nobody will know
 * @param auc area under the ROC curve: how often a positive has a higher score than a negative; of two in one bin, half
 * @param aucError by how much that may differ from the AUC without bins, at most: half the share of pairs in one bin
 * @param precision share of positives among the known at or above the threshold; null where there are none
 * @param recall share of the positives that are at or above the threshold; null where there are none
 * @param f1 harmonic mean of the two
 * @param brier mean squared distance of score and outcome; null, as the next two, where a score was no probability
 * @param logLoss mean negative log-likelihood of the outcomes
 * @param ece expected calibration error: mean distance of mean score and share of positives, by tenth of the score
 *     (Guo et al. 2017)
 * @param calibration the tenths that it is of; those without a known outcome are left out
 * @param score drift of the score
 * @param features drift of each of the reference's features, by name
 */
public record QualityFigures(
        long predictions,
        long known,
        long positives,
        long dropped,
        @Nullable Double auc,
        @Nullable Double aucError,
        @Nullable Double precision,
        @Nullable Double recall,
        @Nullable Double f1,
        @Nullable Double brier,
        @Nullable Double logLoss,
        @Nullable Double ece,
        List<Tenth> calibration,
        @Nullable Drift score,
        Map<String, Drift> features) {

    /**
     * The known outcomes of a tenth of the scores.
     *
     * @param from lowest score, included; the tenth reaches 0.1 further
     * @param known outcomes
     * @param positives among them
     * @param meanScore of them
     */
    public record Tenth(double from, long known, long positives, double meanScore) {}

    /** @param reference whose bins the counts have */
    public static QualityFigures of(QualityCounts counts, @Nullable Reference reference) {
        long positives = sum(counts.positives);
        long known = positives + sum(counts.negatives);
        long tp = counts.total(Total.TRUE_POSITIVES);
        long fp = counts.total(Total.FALSE_POSITIVES);
        long fn = counts.total(Total.FALSE_NEGATIVES);
        boolean probabilities =
                known > 0 && sum(counts.calibrationPositives) + sum(counts.calibrationNegatives) == known;
        boolean both = positives > 0 && positives < known;
        List<Tenth> tenths = tenths(counts);
        return new QualityFigures(
                counts.total(Total.PREDICTIONS),
                known,
                positives,
                counts.total(Total.DROPPED),
                both ? auc(counts, positives, known - positives) : null,
                both ? aucError(counts, positives, known - positives) : null,
                tp + fp == 0 ? null : (double) tp / (tp + fp),
                tp + fn == 0 ? null : (double) tp / (tp + fn),
                tp + fp + fn == 0 ? null : 2.0 * tp / (2.0 * tp + fp + fn),
                probabilities ? counts.total(Total.SQUARED_ERROR) * QualityCounts.UNIT / known : null,
                probabilities ? counts.total(Total.LOG_LOSS) * QualityCounts.UNIT / known : null,
                probabilities ? ece(tenths, known) : null,
                tenths,
                reference == null || sum(counts.scores) == 0
                        ? null
                        : Drift.of(counts.scores, reference.score().shares()),
                reference == null ? Map.of() : features(counts, reference));
    }

    private static double auc(QualityCounts counts, long positives, long negatives) {
        double below = 0;
        double wins = 0;
        for (int bin = 0; bin < ScoreBins.COUNT; bin++) {
            wins += counts.positives[bin] * (below + counts.negatives[bin] / 2.0);
            below += counts.negatives[bin];
        }
        return wins / ((double) positives * negatives);
    }

    private static double aucError(QualityCounts counts, long positives, long negatives) {
        double ties = 0;
        for (int bin = 0; bin < ScoreBins.COUNT; bin++) {
            ties += (double) counts.positives[bin] * counts.negatives[bin];
        }
        return ties / 2 / ((double) positives * negatives);
    }

    private static List<Tenth> tenths(QualityCounts counts) {
        List<Tenth> tenths = new ArrayList<>();
        for (int bin = 0; bin < QualityCounts.CALIBRATION_BINS; bin++) {
            long positives = counts.calibrationPositives[bin];
            long known = positives + counts.calibrationNegatives[bin];
            if (known > 0) {
                double mean = counts.calibrationScores[bin] * QualityCounts.UNIT / known;
                tenths.add(new Tenth((double) bin / QualityCounts.CALIBRATION_BINS, known, positives, mean));
            }
        }
        return tenths;
    }

    private static double ece(List<Tenth> tenths, long known) {
        double distance = 0;
        for (Tenth tenth : tenths) {
            distance += Math.abs(tenth.meanScore() * tenth.known() - tenth.positives());
        }
        return distance / known;
    }

    private static Map<String, Drift> features(QualityCounts counts, Reference reference) {
        Map<String, Drift> drifts = new LinkedHashMap<>();
        int feature = 0;
        for (Map.Entry<String, Reference.Bins> entry : reference.features().entrySet()) {
            long[] bins = counts.features[feature++];
            if (sum(bins) > 0) {
                drifts.put(entry.getKey(), Drift.of(bins, entry.getValue().shares()));
            }
        }
        return drifts;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
