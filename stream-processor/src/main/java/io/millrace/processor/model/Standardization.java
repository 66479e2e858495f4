package io.millrace.processor.model;

import io.millrace.model.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of each value over the training examples. A value that never varies gets scale 1.
 *
 * @param mean one a value
 * @param scale one a value, none of them 0
 */
record Standardization(List<Float> mean, List<Float> scale) {
    private static final double CONSTANT = 1e-6;

    static Standardization of(TrainingSet set) {
        List<Float> means = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (int column = 0; column < set.width(); column++) {
            double sum = 0;
            for (int row = 0; row < set.size(); row++) {
                sum += set.values()[row * set.width() + column];
            }
            double mean = sum / set.size();
            double squares = 0;
            for (int row = 0; row < set.size(); row++) {
                double distance = set.values()[row * set.width() + column] - mean;
                squares += distance * distance;
            }
            double deviation = Math.sqrt(squares / set.size());
            means.add((float) mean);
            scales.add(deviation < CONSTANT ? 1f : (float) deviation);
        }
        return new Standardization(means, scales);
    }

    Manifest.Network network(List<Integer> hidden) {
        return new Manifest.Network(hidden, mean, scale, null);
    }
}
