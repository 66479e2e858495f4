package io.millrace.processor.train;

import io.millrace.model.Reference;
import io.millrace.prediction.Inputs;
import io.millrace.processor.train.example.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how features and scores are distributed over the examples that a model learnt from: in tenths. */
final class References {
    private static final int TENTHS = 10;

    private References() {}

    /** @param scores of the examples, by the model itself */
    static Reference of(List<Example> examples, float[] scores) {
        Map<String, Reference.Bins> features = new TreeMap<>();
        int at = 0;
        for (Inputs.Slot slot : examples.get(0).inputs().slots()) {
            if (slot.width() == 1) {
                float[] column = new float[examples.size()];
                for (int i = 0; i < column.length; i++) {
                    column[i] = examples.get(i).inputs().values()[at];
                }
                features.put(slot.name(), bins(column));
            }
            at += slot.width();
        }
        return new Reference(examples.size(), features, bins(scores));
    }

    /** Edges at the tenths; those that meet are one, and shares are counted, not assumed. */
    static Reference.Bins bins(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        List<Float> edges = new ArrayList<>();
        for (int tenth = 1; tenth < TENTHS; tenth++) {
            // A zero has no sign here: edges are compared as numbers.
            float edge = sorted[(int) ((long) tenth * (sorted.length - 1) / TENTHS)] + 0f;
            if (edges.isEmpty() || edge > edges.get(edges.size() - 1)) {
                edges.add(edge);
            }
        }
        Reference.Bins places = new Reference.Bins(edges, even(edges.size() + 1));
        int[] counts = new int[edges.size() + 1];
        for (float value : values) {
            counts[places.bin(value)]++;
        }
        return new Reference.Bins(
                edges,
                Arrays.stream(counts)
                        .mapToObj(count -> (double) count / values.length)
                        .toList());
    }

    private static List<Double> even(int bins) {
        return Collections.nCopies(bins, 1.0 / bins);
    }
}
