package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Bootstrap;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How good the scores are on some of the examples.
 *
 * @param dimension by which they were chosen
 * @param value which they have there
 * @param share of positives
 * @param meanScore what the model said of them; far from the share is badly calibrated there
 * @param rocAuc within them, or null where either kind is too rare to say
 */
public record Segment(
        String dimension,
        String value,
        int examples,
        int users,
        int positives,
        double share,
        double meanScore,
        @Nullable Interval rocAuc) {
    /** Fewer of either kind say nothing about an order. */
    static final int FEWEST = 10;

    private static final int MOST_VALUES = 8;
    private static final String OTHERS = "(others)";

    static List<Segment> of(Judged judged) {
        List<Segment> segments = new ArrayList<>();
        for (Judged.Dimension dimension : judged.dimensions()) {
            groups(dimension).forEach((value, members) -> segments.add(of(judged, dimension.name(), value, members)));
        }
        return List.copyOf(segments);
    }

    private static Map<String, List<Integer>> groups(Judged.Dimension dimension) {
        Map<String, List<Integer>> all = new TreeMap<>();
        for (int i = 0; i < dimension.values().size(); i++) {
            all.computeIfAbsent(dimension.values().get(i), value -> new ArrayList<>())
                    .add(i);
        }
        List<String> values = new ArrayList<>(all.keySet());
        values.sort(
                dimension.order().isEmpty()
                        ? Comparator.comparing(
                                value -> -all.getOrDefault(value, List.of()).size())
                        : Comparator.comparing(dimension.order()::indexOf));
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            boolean other = values.size() > MOST_VALUES + 1 && i >= MOST_VALUES;
            groups.computeIfAbsent(other ? OTHERS : values.get(i), value -> new ArrayList<>())
                    .addAll(all.getOrDefault(values.get(i), List.of()));
        }
        return groups;
    }

    private static Segment of(Judged judged, String dimension, String value, List<Integer> members) {
        float[] scores = new float[members.size()];
        boolean[] labels = new boolean[members.size()];
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = judged.scores()[members.get(i)];
            labels[i] = judged.labels()[members.get(i)];
            sum += scores[i];
            positives += labels[i] ? 1 : 0;
        }
        var users = members.stream().map(judged.users()::get).toList();
        Interval auc = null;
        if (positives >= FEWEST && scores.length - positives >= FEWEST) {
            Measure measure = new Measure(scores, labels);
            auc = Bootstrap.ofUsers(users).interval(measure::rocAuc, measure.once());
        }
        return new Segment(
                dimension,
                value,
                scores.length,
                (int) users.stream().distinct().count(),
                positives,
                (double) positives / scores.length,
                sum / scores.length,
                auc);
    }
}
