package io.millrace.processor.evaluate;

import java.util.List;
import java.util.Locale;

/** The page's plots, each with a sentence that says how to read it. */
final class Plots {
    private static final List<Curves.Point> DIAGONAL = List.of(new Curves.Point(0, 0), new Curves.Point(1, 1));

    private Plots() {}

    static String all(Report report) {
        Curves curves = report.curves();
        return figure(
                        "ROC curve",
                        "How many positives are found for how many false alarms. On the dashed line the score knows nothing.",
                        roc(curves))
                + figure(
                        "Precision and recall",
                        "Of those above a threshold, how many are positive; dashed: one score for all.",
                        precisionRecall(report))
                + figure(
                        "Calibration",
                        "What came true of what was said. On the dashed line 20 % means 20 %. Whiskers: 95 %, Wilson.",
                        calibration(curves))
                + figure(
                        "Scores",
                        "Where the scores of positives and of negatives lie, each kind adding up to one.",
                        histogram(report))
                + figure(
                        "Gains",
                        "How many of the positives are found in how many of the examples, highest scores first.",
                        gains(curves))
                + figure("Lift", "The same against choosing by lot: 3 is three times as many positives.", lift(curves));
    }

    private static String figure(String name, String reading, String svg) {
        return "<figure><figcaption><b>" + name + "</b> " + reading + "</figcaption>" + svg + "</figure>\n";
    }

    private static String roc(Curves curves) {
        return new Plot("ROC curve", "false positive rate", 1, "true positive rate", 1)
                .line("chance", DIAGONAL)
                .area("model", curves.roc())
                .svg();
    }

    private static String precisionRecall(Report report) {
        double share = report.data().share();
        return new Plot("Precision over recall", "recall", 1, "precision", 1)
                .line("chance", List.of(new Curves.Point(0, share), new Curves.Point(1, share)))
                .area("model", report.curves().precisionRecall())
                .svg();
    }

    private static String calibration(Curves curves) {
        double end = curves.calibration().stream()
                .mapToDouble(bin -> Math.max(bin.score(), bin.share().high()))
                .max()
                .orElse(1);
        end = nice(end);
        Plot plot = new Plot("Share of positives over mean score", "mean score", end, "share of positives", end)
                .line("chance", List.of(new Curves.Point(0, 0), new Curves.Point(end, end)))
                .line(
                        "model",
                        curves.calibration().stream()
                                .map(bin -> new Curves.Point(
                                        bin.score(), bin.share().value()))
                                .toList());
        curves.calibration()
                .forEach(bin -> plot.point(
                        "model",
                        bin.score(),
                        bin.share().value(),
                        bin.share().low(),
                        bin.share().high(),
                        String.format(
                                Locale.ROOT,
                                "%,d examples: mean score %.3f, share of positives %.3f",
                                bin.examples(),
                                bin.score(),
                                bin.share().value())));
        return plot.svg();
    }

    private static String histogram(Report report) {
        List<Curves.Bar> bars = report.curves().histogram();
        double highest = bars.stream()
                .mapToDouble(bar -> Math.max(bar.negatives(), bar.positives()))
                .max()
                .orElse(1);
        Plot plot = new Plot("Histogram of scores", "score", 1, "share of its kind", nice(highest));
        double width = 1.0 / bars.size();
        for (Curves.Bar bar : bars) {
            String to = String.format(Locale.ROOT, "score %.2f to %.2f: ", bar.from(), bar.from() + width);
            plot.bar(
                    "negative",
                    bar.from() + 0.08 * width,
                    bar.from() + 0.49 * width,
                    bar.negatives(),
                    to + Html.percent(bar.negatives()) + " of the negatives");
            plot.bar(
                    "positive",
                    bar.from() + 0.51 * width,
                    bar.from() + 0.92 * width,
                    bar.positives(),
                    to + Html.percent(bar.positives()) + " of the positives");
        }
        return plot.mark(report.threshold().value(), "threshold").svg()
                + "<p class=\"key\"><i class=\"negative\"></i>negatives <i class=\"positive\"></i>positives</p>";
    }

    private static String gains(Curves curves) {
        return new Plot("Gains", "share of examples", 1, "share of positives found", 1)
                .line("chance", DIAGONAL)
                .area("model", curves.gains())
                .svg();
    }

    private static String lift(Curves curves) {
        // The first per cent or two are a few examples: their lift is noise.
        List<Curves.Point> lift = curves.gains().stream()
                .filter(point -> point.x() >= 0.01)
                .map(point -> new Curves.Point(point.x(), point.y() / point.x()))
                .toList();
        double end = Math.ceil(lift.stream().mapToDouble(Curves.Point::y).max().orElse(1) * 1.05);
        return new Plot("Lift", "share of examples", 1, "lift", end)
                .line("chance", List.of(new Curves.Point(0, 1), new Curves.Point(1, 1)))
                .line("model", lift)
                .svg();
    }

    /** The next of 0.05, 0.1, 0.2, 0.25, 0.5, 1. */
    private static double nice(double end) {
        for (double step : new double[] {0.05, 0.1, 0.2, 0.25, 0.5}) {
            if (end <= step) {
                return step;
            }
        }
        return 1;
    }
}
