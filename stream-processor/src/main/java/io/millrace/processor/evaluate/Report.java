package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Interval;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything the page and the JSON say.
 *
 * @param model name and version
 * @param sha256 of the artifact
 * @param label what a high score says
 * @param outcome how the truth is told, in words
 * @param data what was judged on
 * @param figures with their intervals
 * @param prior the same figures of one score for all: the share of positives
 * @param threshold at which the label holds
 * @param curves for the plots
 * @param segments by event, by property, by position in the session
 * @param inputs each input alone, the strongest first
 * @param published figures of others
 */
public record Report(
        String model,
        String sha256,
        String label,
        String outcome,
        Data data,
        List<Figure> figures,
        List<Figure> prior,
        Threshold threshold,
        Curves curves,
        List<Segment> segments,
        List<SingleInput> inputs,
        List<Published> published) {
    /** Our figure of a key, where there is one. */
    Optional<Interval> ours(@Nullable String key) {
        if (key == null) {
            return Optional.empty();
        }
        return switch (key) {
            case "precision" -> Optional.of(threshold.precision());
            case "recall" -> Optional.of(threshold.recall());
            case "f1" -> Optional.of(threshold.f1());
            default ->
                figures.stream()
                        .filter(figure -> figure.key().equals(key))
                        .map(Figure::interval)
                        .findFirst();
        };
    }

    /**
     * What was judged on.
     *
     * @param split which examples, in words
     * @param from time of the first example; null of rows of a table, which have no time
     * @param to time of the last; or null
     */
    public record Data(
            String files,
            String trainedOn,
            String licence,
            @Nullable String attribution,
            String split,
            int examples,
            int positives,
            int users,
            @Nullable String from,
            @Nullable String to) {
        /** From when to when, after the text; empty where nobody knows. */
        String span(String before) {
            return from == null ? "" : before + from + " to " + to;
        }

        double share() {
            return (double) positives / examples;
        }
    }

    /**
     * One figure.
     *
     * @param name as the field calls it
     * @param key as JSON calls it
     * @param higherIsBetter or lower
     * @param meaning one sentence
     */
    public record Figure(String name, String key, boolean higherIsBetter, String meaning, Interval interval) {}

    /** What the label at the threshold is worth. */
    public record Threshold(
            double value,
            long truePositives,
            long falsePositives,
            long falseNegatives,
            long trueNegatives,
            Interval precision,
            Interval recall,
            Interval f1) {}
}
