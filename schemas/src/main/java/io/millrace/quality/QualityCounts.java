package io.millrace.quality;

import java.util.Arrays;

/**
 * What one part of the stream has counted of a model version: how its inputs and scores were distributed, and what became
 * of the predictions whose outcome is known. All of it is whole numbers that add up, so the sum over partitions, tasks and
 * instances is what one of them would have counted, whatever came where and in which order. About 22 KB with 10 features.
 *
 * <p>Errors are kept in units of {@value #UNIT}. Mutable; belongs to one thread at a time.
 */
public final class QualityCounts {
    /** Of the sums of errors and scores. */
    public static final double UNIT = 1e-9;

    public static final int CALIBRATION_BINS = 10;
    /** What a probability counts as at least, and 1 less it at most, in the log loss; the same as training's. */
    public static final double LEAST_PROBABILITY = 1e-7;

    /** Single numbers, by their place in {@link #totals}. */
    public enum Total {
        /** Predictions made. */
        PREDICTIONS(0),
        /** Predictions whose outcome nobody will know: too many were open for their user, or they came too late. */
        DROPPED(1),
        /** Score at or above the threshold, and true. */
        TRUE_POSITIVES(2),
        /** Score at or above the threshold, and not true. */
        FALSE_POSITIVES(3),
        /** Score below the threshold, and true. */
        FALSE_NEGATIVES(4),
        /** Score below the threshold, and not true. */
        TRUE_NEGATIVES(5),
        /** Of score less outcome, squared, in units. */
        SQUARED_ERROR(6),
        /** Of the negative log-likelihood of the outcome, in units. */
        LOG_LOSS(7);

        private final int place;

        Total(int place) {
            this.place = place;
        }
    }

    final long[] totals = new long[Total.values().length];
    /** Known outcomes by {@link ScoreBins}. */
    final long[] positives = new long[ScoreBins.COUNT];

    final long[] negatives = new long[ScoreBins.COUNT];
    /** Known outcomes by tenth of the score. */
    final long[] calibrationPositives = new long[CALIBRATION_BINS];

    final long[] calibrationNegatives = new long[CALIBRATION_BINS];
    /** Sum of the scores, in units. */
    final long[] calibrationScores = new long[CALIBRATION_BINS];
    /** All scores, in the reference's bins; empty without one. */
    final long[] scores;
    /** All values of each feature, in the reference's bins and order; empty without one. */
    final long[][] features;

    /**
     * Nothing counted.
     *
     * @param scoreBins of the reference's score; 0 without a reference
     * @param featureBins of each of the reference's features
     */
    public QualityCounts(int scoreBins, int... featureBins) {
        scores = new long[scoreBins];
        features = new long[featureBins.length][];
        for (int i = 0; i < featureBins.length; i++) {
            features[i] = new long[featureBins[i]];
        }
    }

    public long total(Total total) {
        return totals[total.place];
    }

    /** For who reads counts. */
    public void set(Total total, long count) {
        totals[total.place] = count;
    }

    /** A prediction was made. */
    public void predicted() {
        totals[Total.PREDICTIONS.place]++;
    }

    /** Of a prediction, by the reference's bin. */
    public void score(int bin) {
        scores[bin]++;
    }

    /** Of a prediction, by the reference's bin. */
    public void feature(int feature, int bin) {
        features[feature][bin]++;
    }

    /** A prediction's outcome will not be known. */
    public void dropped(long predictions) {
        totals[Total.DROPPED.place] += predictions;
    }

    /** A prediction's outcome is known. */
    public void known(float score, float threshold, boolean positive) {
        (positive ? positives : negatives)[ScoreBins.of(score)]++;
        Total total = score >= threshold
                ? positive ? Total.TRUE_POSITIVES : Total.FALSE_POSITIVES
                : positive ? Total.FALSE_NEGATIVES : Total.TRUE_NEGATIVES;
        totals[total.place]++;
        if (score >= 0 && score <= 1) {
            double miss = score - (positive ? 1.0 : 0.0);
            totals[Total.SQUARED_ERROR.place] += Math.round(miss * miss / UNIT);
            double p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, score));
            totals[Total.LOG_LOSS.place] += Math.round(-Math.log(positive ? p : 1 - p) / UNIT);
            int bin = Math.min(CALIBRATION_BINS - 1, (int) (score * CALIBRATION_BINS));
            (positive ? calibrationPositives : calibrationNegatives)[bin]++;
            calibrationScores[bin] += Math.round(score / UNIT);
        }
    }

    /**
     * Adds what others have counted.
     *
     * @throws IllegalArgumentException if they have other bins
     */
    public void add(QualityCounts other) {
        long[][] mine = arrays();
        long[][] others = other.arrays();
        if (!hasShapeOf(other)) {
            throw new IllegalArgumentException("counts of other bins: expected the same reference");
        }
        for (int i = 0; i < mine.length; i++) {
            sum(mine[i], others[i]);
        }
    }

    /** Whether the two were made for the same bins. */
    public boolean hasShapeOf(QualityCounts other) {
        long[][] mine = arrays();
        long[][] others = other.arrays();
        boolean same = mine.length == others.length;
        for (int i = 0; same && i < mine.length; i++) {
            same = mine[i].length == others[i].length;
        }
        return same;
    }

    /** The same counts, apart from these. */
    public QualityCounts copy() {
        int[] bins = new int[features.length];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = features[i].length;
        }
        QualityCounts copy = new QualityCounts(scores.length, bins);
        copy.add(this);
        return copy;
    }

    public void clear() {
        for (long[] array : arrays()) {
            Arrays.fill(array, 0);
        }
    }

    /** All counts, always in the same order: for whoever writes and reads them. The arrays are the counts' own. */
    public long[][] arrays() {
        long[][] all = new long[7 + features.length][];
        all[0] = totals;
        all[1] = positives;
        all[2] = negatives;
        all[3] = calibrationPositives;
        all[4] = calibrationNegatives;
        all[5] = calibrationScores;
        all[6] = scores;
        System.arraycopy(features, 0, all, 7, features.length);
        return all;
    }

    /** The same counts. */
    @Override
    public boolean equals(Object other) {
        return other instanceof QualityCounts that && Arrays.deepEquals(arrays(), that.arrays());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(arrays());
    }

    private static void sum(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] += other[i];
        }
    }
}
