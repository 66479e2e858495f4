package io.millrace.processor.model;

import java.util.Arrays;

/**
 * Examples to learn from or to judge by. Holds its arrays without copying them.
 *
 * @param width how many values an example has
 * @param values row-major, one row an example, as a model of the same features would be given them
 * @param labels 1 where what the label says came true, else 0; one an example
 */
public record TrainingSet(int width, float[] values, float[] labels) {
    public TrainingSet {
        if (width < 1 || values.length != (long) width * labels.length) {
            throw new IllegalArgumentException(
                    values.length + " values: expected " + labels.length + " rows of " + width);
        }
    }

    public int size() {
        return labels.length;
    }

    public int positives() {
        int positives = 0;
        for (float label : labels) {
            positives += label > 0 ? 1 : 0;
        }
        return positives;
    }

    float[] row(int index) {
        return Arrays.copyOfRange(values, index * width, (index + 1) * width);
    }
}
