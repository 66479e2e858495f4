package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Bootstrap;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Measures scores, each figure with its interval by bootstrap over users, all over the same draws. */
final class Figures {
    private static final double TOP = 0.1;

    private record Named(String name, String key, boolean higherIsBetter, String meaning) {}

    private static final List<Named> NAMES = List.of(
            new Named("ROC AUC", "rocAuc", true, "chance that a positive scores above a negative; 0.5 knows nothing"),
            new Named("PR AUC", "prAuc", true, "average precision; one score for all gives the share of positives"),
            new Named("Log loss", "logLoss", false, "mean negative log-likelihood, in nats"),
            new Named("Brier", "brier", false, "mean squared error of the score"),
            new Named("ECE", "ece", false, "mean distance of score and share of positives, ten bins of as many"),
            new Named("Lift at 10 %", "liftAt10", true, "positives among the top tenth, against a tenth by lot"));

    private static final List<String> AT_THRESHOLD = List.of("precision", "recall", "f1");

    private Figures() {}

    /** Every figure, as JSON calls it. */
    static List<String> keys() {
        return Stream.concat(NAMES.stream().map(Named::key), AT_THRESHOLD.stream())
                .toList();
    }

    /** All figures, and at the threshold. */
    record Measured(List<Report.Figure> figures, Report.Threshold threshold) {}

    static Measured of(Judged judged, double threshold) {
        Measure measure = new Measure(judged.scores(), judged.labels());
        List<ToDoubleFunction<int[]>> all = new ArrayList<>(functions(measure));
        all.add(weights -> measure.confusion(threshold, weights).precision());
        all.add(weights -> measure.confusion(threshold, weights).recall());
        all.add(weights -> measure.confusion(threshold, weights).f1());
        List<Interval> intervals = Bootstrap.ofUsers(judged.users()).intervals(all, measure.once());
        Measure.Confusion at = measure.confusion(threshold, measure.once());
        return new Measured(
                named(intervals),
                new Report.Threshold(
                        threshold,
                        at.truePositives(),
                        at.falsePositives(),
                        at.falseNegatives(),
                        judged.size() - at.truePositives() - at.falsePositives() - at.falseNegatives(),
                        intervals.get(NAMES.size()),
                        intervals.get(NAMES.size() + 1),
                        intervals.get(NAMES.size() + 2)));
    }

    /** The figures of one score for all. */
    static List<Report.Figure> prior(Judged judged, double share) {
        float[] scores = new float[judged.size()];
        Arrays.fill(scores, (float) share);
        Measure measure = new Measure(scores, judged.labels());
        return named(Bootstrap.ofUsers(judged.users()).intervals(functions(measure), measure.once()));
    }

    private static List<ToDoubleFunction<int[]>> functions(Measure measure) {
        return List.of(
                measure::rocAuc,
                measure::prAuc,
                measure::logLoss,
                measure::brier,
                measure::ece,
                weights -> measure.lift(TOP, weights));
    }

    private static List<Report.Figure> named(List<Interval> intervals) {
        List<Report.Figure> figures = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            Named named = NAMES.get(i);
            figures.add(new Report.Figure(
                    named.name(), named.key(), named.higherIsBetter(), named.meaning(), intervals.get(i)));
        }
        return List.copyOf(figures);
    }
}
