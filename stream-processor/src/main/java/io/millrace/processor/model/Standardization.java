package io.millrace.processor.model;

import io.millrace.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Mean and standard deviation of each value over the training examples; of a step's values over the steps that are no
 * padding. A value that never varies gets scale 1.
 *
 * @param mean one a value
 * @param scale one a value, none of them 0
 */
record Standardization(List<Float> mean, List<Float> scale) {
    private static final double CONSTANT = 1e-6;

    /** The network to fit, laid out for these examples. */
    static Manifest.Network network(TrainingSet set, FitSettings settings) {
        InputShape shape = set.shape();
        Standardization dense = shape.hasDense()
                ? of(set.values(), shape.width(), row -> true)
                : new Standardization(List.of(), List.of());
        return new Manifest.Network(settings.hidden(), dense.mean, dense.scale, recurrent(set, settings.recurrent()));
    }

    private static Manifest.@Nullable Recurrent recurrent(TrainingSet set, FitSettings.@Nullable Recurrent settings) {
        if ((settings != null) != set.shape().hasSequence()) {
            throw new IllegalArgumentException(
                    "inputs " + set.shape().inputs() + (settings == null ? "" : " and a recurrent layer")
                            + ": expected fit.recurrent where the model reads a sequence, and nowhere else");
        }
        if (settings == null) {
            return null;
        }
        boolean[] begun = begun(set);
        Standardization steps = of(set.steps(), set.shape().stepWidth(), row -> begun[row]);
        return new Manifest.Recurrent(settings.cell(), settings.units(), steps.mean, steps.scale);
    }

    /** Which steps are no padding, as {@link Network} tells them. */
    private static boolean[] begun(TrainingSet set) {
        int length = set.shape().length();
        int width = set.shape().stepWidth();
        boolean[] begun = new boolean[set.size() * length];
        for (int step = 0; step < begun.length; step++) {
            boolean before = step % length > 0 && begun[step - 1];
            for (int i = step * width; i < (step + 1) * width && !before; i++) {
                before = set.steps()[i] != 0;
            }
            begun[step] = before;
        }
        return begun;
    }

    private static Standardization of(float[] values, int width, IntPredicate counts) {
        int rows = values.length / width;
        List<Float> means = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            double sum = 0;
            int counted = 0;
            for (int row = 0; row < rows; row++) {
                if (counts.test(row)) {
                    sum += values[row * width + column];
                    counted++;
                }
            }
            double mean = counted == 0 ? 0 : sum / counted;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                if (counts.test(row)) {
                    double distance = values[row * width + column] - mean;
                    squares += distance * distance;
                }
            }
            double deviation = counted == 0 ? 0 : Math.sqrt(squares / counted);
            means.add((float) mean);
            scales.add(deviation < CONSTANT ? 1f : (float) deviation);
        }
        return new Standardization(means, scales);
    }
}
