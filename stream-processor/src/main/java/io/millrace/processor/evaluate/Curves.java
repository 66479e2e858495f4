package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the plots show. A point's coordinates are from 0 to 1 where not said otherwise.
 *
 * @param roc false positive rate, true positive rate
 * @param precisionRecall recall, precision
 * @param gains share of the examples, highest scores first; share of the positives among them
 * @param calibration ten bins of as many examples by score
 * @param histogram twenty bins of the score from 0 to 1
 */
public record Curves(
        List<Point> roc, List<Point> precisionRecall, List<Point> gains, List<Bin> calibration, List<Bar> histogram) {
    private static final int CALIBRATION_BINS = 10;
    private static final int HISTOGRAM_BINS = 20;
    /** Points of a curve: more than a plot has pixels for helps nobody. */
    private static final int MOST_POINTS = 240;
    /** The standard normal's 97.5 % quantile. */
    private static final double Z = 1.959964;

    public record Point(double x, double y) {}

    /**
     * A bin of the calibration curve.
     *
     * @param score mean of the bin
     * @param share of positives, with its 95 % interval by Wilson (1927), for examples independent of each other
     */
    public record Bin(double score, Interval share, int examples) {}

    /** A bin of the histogram: shares of the negatives and of the positives that are in it. */
    public record Bar(double from, double negatives, double positives) {}

    static Curves of(Judged judged) {
        int[] order = IntStream.range(0, judged.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -judged.scores()[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Point> roc = new ArrayList<>(List.of(new Point(0, 0)));
        List<Point> recall = new ArrayList<>();
        List<Point> gains = new ArrayList<>(List.of(new Point(0, 0)));
        double positives = judged.positives();
        double negatives = judged.size() - positives;
        double found = 0;
        for (int i = 0; i < order.length; i++) {
            found += judged.labels()[order[i]] ? 1 : 0;
            boolean tied = i + 1 < order.length && judged.scores()[order[i + 1]] == judged.scores()[order[i]];
            if (!tied) {
                double looked = i + 1;
                roc.add(new Point((looked - found) / negatives, found / positives));
                recall.add(new Point(found / positives, found / looked));
                gains.add(new Point(looked / order.length, found / positives));
            }
        }
        return new Curves(thin(roc), thin(recall), thin(gains), calibration(judged, order), histogram(judged));
    }

    private static List<Point> thin(List<Point> points) {
        if (points.size() <= MOST_POINTS) {
            return List.copyOf(points);
        }
        double step = (points.size() - 1) / (MOST_POINTS - 1.0);
        return IntStream.range(0, MOST_POINTS)
                .mapToObj(i -> points.get((int) Math.round(i * step)))
                .toList();
    }

    private static List<Bin> calibration(Judged judged, int[] descending) {
        List<Bin> bins = new ArrayList<>();
        int n = descending.length;
        for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
            int from = (int) ((long) n * bin / CALIBRATION_BINS);
            int to = (int) ((long) n * (bin + 1) / CALIBRATION_BINS);
            if (to > from) {
                int[] some = IntStream.range(from, to)
                        .map(i -> descending[n - 1 - i])
                        .toArray();
                double score = Arrays.stream(some)
                        .mapToDouble(i -> judged.scores()[i])
                        .average()
                        .orElse(0);
                double positive =
                        Arrays.stream(some).filter(i -> judged.labels()[i]).count();
                bins.add(new Bin(score, wilson(positive, some.length), some.length));
            }
        }
        return List.copyOf(bins);
    }

    static Interval wilson(double positive, double n) {
        double share = positive / n;
        double middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
        return new Interval(share, Math.max(0, middle - half), Math.min(1, middle + half));
    }

    private static List<Bar> histogram(Judged judged) {
        double[][] counts = new double[2][HISTOGRAM_BINS];
        for (int i = 0; i < judged.size(); i++) {
            int bin = Math.max(0, Math.min(HISTOGRAM_BINS - 1, (int) (judged.scores()[i] * HISTOGRAM_BINS)));
            counts[judged.labels()[i] ? 1 : 0][bin]++;
        }
        double positives = Math.max(1, judged.positives());
        double negatives = Math.max(1, judged.size() - judged.positives());
        return IntStream.range(0, HISTOGRAM_BINS)
                .mapToObj(bin ->
                        new Bar((double) bin / HISTOGRAM_BINS, counts[0][bin] / negatives, counts[1][bin] / positives))
                .toList();
    }
}
