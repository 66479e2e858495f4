package io.millrace.processor.model;

import io.millrace.prediction.Inputs;
import java.util.List;

/**
 * Examples to learn from or to judge by, as arrays that are what the tensors hold: 4 bytes a value and nothing beside
 * them. Holds its arrays without copying them.
 *
 * @param shape of an example
 * @param values dense, row-major {@code [n, width]}; empty where the model reads none
 * @param steps {@code [n, length, step width]}, zeros before a sequence that is shorter; empty where the model reads none
 * @param labels 1 where what the label says came true, else 0; one an example
 */
public record TrainingSet(InputShape shape, float[] values, float[] steps, float[] labels) {
    public TrainingSet {
        expect(values, labels, shape.hasDense() ? shape.width() : 0, "values");
        expect(steps, labels, shape.hasSequence() ? shape.length() * shape.stepWidth() : 0, "values of steps");
    }

    /** Of dense values alone. */
    public TrainingSet(int width, float[] values, float[] labels) {
        this(InputShape.dense(width), values, new float[0], labels);
    }

    private static void expect(float[] found, float[] labels, int each, String what) {
        if (found.length != (long) each * labels.length) {
            throw new IllegalArgumentException(
                    found.length + " " + what + ": expected " + labels.length + " rows of " + each);
        }
    }

    /**
     * Lays out examples as serving would.
     *
     * @param labels one an example
     * @throws IllegalArgumentException if the rows are not of the shape, or too many for an array
     */
    public static TrainingSet of(InputShape shape, List<Inputs> rows, float[] labels) {
        int width = shape.hasDense() ? shape.width() : 0;
        int stride = shape.hasSequence() ? shape.length() * shape.stepWidth() : 0;
        if ((long) rows.size() * Math.max(width, stride) > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(rows.size() + " examples of " + Math.max(width, stride)
                    + " values: expected at most 2^31 values; take fewer examples or a shorter sequence");
        }
        float[] values = new float[rows.size() * width];
        float[] steps = new float[rows.size() * stride];
        for (int i = 0; i < labels.length; i++) {
            Inputs row = rows.get(i);
            if (width > 0) {
                System.arraycopy(row.values(), 0, values, i * width, width);
            }
            Inputs.Sequence sequence = row.sequence();
            if (stride > 0 && sequence != null) {
                float[] from = sequence.values();
                System.arraycopy(from, 0, steps, (i + 1) * stride - from.length, from.length);
            }
        }
        return new TrainingSet(shape, values, steps, labels);
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
}
