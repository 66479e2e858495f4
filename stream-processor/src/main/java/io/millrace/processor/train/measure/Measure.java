package io.millrace.processor.train.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How good scores are, on examples that count as often as their weight says; weights are how a bootstrap draws examples
 * again. Sorted once, measured often.
 */
public final class Measure {
    private static final int BINS = 10;
    /** Keeps the logarithm of a confident mistake finite. */
    private static final double LEAST = 1e-7;

    private final double[] scores;
    private final boolean[] labels;
    /** Indices by ascending score. */
    private final int[] order;

    public Measure(float[] scores, boolean[] labels) {
        this.scores =
                IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray();
        this.labels = labels.clone();
        this.order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> this.scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    public int size() {
        return scores.length;
    }

    /** Every example once. */
    public int[] once() {
        int[] weights = new int[size()];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** The chance that a positive example scores above a negative one; ties count half (Mann–Whitney). */
    public double rocAuc(int[] weights) {
        double negativesBelow = 0;
        double wins = 0;
        double positives = 0;
        for (int from = 0; from < order.length; ) {
            double tiedPositives = 0;
            double tiedNegatives = 0;
            int to = from;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                if (labels[order[to]]) {
                    tiedPositives += weights[order[to]];
                } else {
                    tiedNegatives += weights[order[to]];
                }
                to++;
            }
            wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
            positives += tiedPositives;
            negativesBelow += tiedNegatives;
            from = to;
        }
        return wins / (positives * negativesBelow);
    }

    /** Average precision: precision at each score, weighted by the recall it adds. */
    public double prAuc(int[] weights) {
        double found = 0;
        double looked = 0;
        double sum = 0;
        for (int from = order.length - 1; from >= 0; ) {
            double tiedPositives = 0;
            int to = from;
            while (to >= 0 && scores[order[to]] == scores[order[from]]) {
                looked += weights[order[to]];
                tiedPositives += labels[order[to]] ? weights[order[to]] : 0;
                to--;
            }
            found += tiedPositives;
            sum += looked == 0 ? 0 : tiedPositives * found / looked;
            from = to;
        }
        return sum / found;
    }

    /** How many times as many positives are in the top share of the scores as in the same share by lot. */
    public double lift(double share, int[] weights) {
        double total = 0;
        double positives = 0;
        for (int i = 0; i < scores.length; i++) {
            total += weights[i];
            positives += labels[i] ? weights[i] : 0;
        }
        double left = share * total;
        double found = 0;
        for (int from = order.length - 1; from >= 0 && left > 0; ) {
            double tied = 0;
            double tiedPositives = 0;
            int to = from;
            while (to >= 0 && scores[order[to]] == scores[order[from]]) {
                tied += weights[order[to]];
                tiedPositives += labels[order[to]] ? weights[order[to]] : 0;
                to--;
            }
            // Of those that score alike, as many positives as their share.
            found += tied <= left ? tiedPositives : tiedPositives * left / tied;
            left -= tied;
            from = to;
        }
        return found / (share * positives);
    }

    public double logLoss(int[] weights) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < scores.length; i++) {
            double p = Math.min(1 - LEAST, Math.max(LEAST, scores[i]));
            sum -= weights[i] * Math.log(labels[i] ? p : 1 - p);
            count += weights[i];
        }
        return sum / count;
    }

    public double brier(int[] weights) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < scores.length; i++) {
            double miss = scores[i] - (labels[i] ? 1 : 0);
            sum += weights[i] * miss * miss;
            count += weights[i];
        }
        return sum / count;
    }

    /** Expected calibration error: mean distance of score and share of positives, in ten bins of as many examples. */
    public double ece(int[] weights) {
        double total = Arrays.stream(weights).sum();
        double[] distance = new double[BINS];
        double before = 0;
        for (int index : order) {
            int bin = Math.min(BINS - 1, (int) (before / total * BINS));
            distance[bin] += weights[index] * (scores[index] - (labels[index] ? 1 : 0));
            before += weights[index];
        }
        return Arrays.stream(distance).map(Math::abs).sum() / total;
    }

    /** What the label "score at or above the threshold" is worth. */
    public Confusion confusion(double threshold, int[] weights) {
        long truePositives = 0;
        long falsePositives = 0;
        long falseNegatives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] >= threshold) {
                truePositives += labels[i] ? weights[i] : 0;
                falsePositives += labels[i] ? 0 : weights[i];
            } else {
                falseNegatives += labels[i] ? weights[i] : 0;
            }
        }
        return new Confusion(truePositives, falsePositives, falseNegatives);
    }

    /** The score at which F1 is best; of two as good, the higher. */
    public double bestThreshold() {
        long positives = IntStream.range(0, size()).filter(i -> labels[i]).count();
        double best = 0.5;
        double bestF1 = -1;
        long found = 0;
        for (int looked = 1; looked <= size(); looked++) {
            int index = order[size() - looked];
            found += labels[index] ? 1 : 0;
            boolean tied = looked < size() && scores[order[size() - looked - 1]] == scores[index];
            double f1 = new Confusion(found, looked - found, positives - found).f1();
            if (!tied && f1 > bestF1) {
                bestF1 = f1;
                best = scores[index];
            }
        }
        return best;
    }

    /** Counts at a threshold. */
    public record Confusion(long truePositives, long falsePositives, long falseNegatives) {
        public double precision() {
            long said = truePositives + falsePositives;
            return said == 0 ? 0 : (double) truePositives / said;
        }

        public double recall() {
            long were = truePositives + falseNegatives;
            return were == 0 ? 0 : (double) truePositives / were;
        }

        public double f1() {
            double both = 2.0 * truePositives + falsePositives + falseNegatives;
            return both == 0 ? 0 : 2 * truePositives / both;
        }
    }
}
