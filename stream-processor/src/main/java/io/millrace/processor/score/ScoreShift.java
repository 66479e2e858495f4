package io.millrace.processor.score;

import java.util.Arrays;

/**
 * How differently two models score the same events: the population stability index, PSI = Σ (aᵢ − eᵢ) · ln(aᵢ / eᵢ), over
 * the deciles of the champion's scores (e) against the canary's (a), with half an event added to each bin. Scores are of
 * any scale, so the bins come from the window's own first scores, and two more hold what lies outside them.
 *
 * <p>A window at a time: memory is that of {@value #KEPT} pairs and twelve counts, however long the window is. Used under
 * its owner's lock.
 */
final class ScoreShift {
    private static final int KEPT = 2048;
    private static final int DECILES = 10;

    private final int window;
    private final float[] champions;
    private final float[] canaries;
    private float[] edges = new float[0];
    private int[] expected = new int[0];
    private int[] actual = new int[0];
    private int count;

    /** @param window so many pairs are judged together; 1 or more */
    ScoreShift(int window) {
        this.window = window;
        this.champions = new float[Math.min(window, KEPT)];
        this.canaries = new float[champions.length];
    }

    /** Takes a pair; the index where it completes a window, 0 otherwise. */
    double add(float champion, float canary) {
        if (count < champions.length) {
            champions[count] = champion;
            canaries[count] = canary;
            count++;
            if (count == champions.length) {
                divide();
            }
        } else {
            count(champion, canary);
            count++;
        }
        if (count < window) {
            return 0;
        }
        count = 0;
        return index();
    }

    private void divide() {
        float[] sorted = champions.clone();
        Arrays.sort(sorted);
        float[] cuts = new float[DECILES + 1];
        int distinct = 0;
        for (int i = 0; i <= DECILES; i++) {
            float cut = sorted[(int) ((long) i * (sorted.length - 1) / DECILES)];
            if (distinct == 0 || cut > cuts[distinct - 1]) {
                cuts[distinct++] = cut;
            }
        }
        edges = Arrays.copyOf(cuts, distinct);
        expected = new int[distinct + 1];
        actual = new int[distinct + 1];
        for (int i = 0; i < champions.length; i++) {
            count(champions[i], canaries[i]);
        }
    }

    private void count(float champion, float canary) {
        expected[bin(champion)]++;
        actual[bin(canary)]++;
    }

    /** Bin 0 lies below the least edge, the last one above the greatest; the greatest edge itself is of the bin before. */
    private int bin(float score) {
        if (score == edges[edges.length - 1]) {
            return Math.max(edges.length - 1, 0);
        }
        int at = Arrays.binarySearch(edges, score);
        return at >= 0 ? at + 1 : -at - 1;
    }

    private double index() {
        double sum = 0;
        double total = window + 0.5 * expected.length;
        for (int i = 0; i < expected.length; i++) {
            double e = (expected[i] + 0.5) / total;
            double a = (actual[i] + 0.5) / total;
            sum += (a - e) * Math.log(a / e);
        }
        return sum;
    }
}
