package io.millrace.processor.model;

import ai.djl.ndarray.types.Shape;
import java.util.Random;

/** Weights to begin with, drawn in Java: PyTorch's generator is one for the process, and others may draw from it. */
final class Weights {
    private Weights() {}

    /** Uniform within ±√(6 / inputs) for weights (He et al. 2015, for ReLU), zero for biases. */
    static double bound(Shape shape) {
        return shape.dimension() == 2 ? Math.sqrt(6.0 / shape.get(1)) : 0;
    }

    /** Values within ±bound; zeros where it is 0, for which nothing is drawn. */
    static float[] uniform(Random random, int size, double bound) {
        float[] values = new float[size];
        if (bound > 0) {
            for (int i = 0; i < size; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return values;
    }
}
