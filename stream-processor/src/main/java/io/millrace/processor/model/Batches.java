package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import io.millrace.model.Manifest;

/** Cuts a training set into tensors; what does not fit into a batch waits as float arrays on the heap. */
final class Batches {
    /** Judged at a time; the least is more than what a small training set's validation has. */
    private static final int JUDGED = 1 << 14;

    private final int judged;

    Batches(int batch) {
        this.judged = Math.max(JUDGED, batch);
    }

    /** Examples in the order of the shape's inputs. */
    NDList take(NDManager manager, TrainingSet set, int[] order, int from, int size) {
        InputShape shape = set.shape();
        NDList inputs = new NDList();
        for (String name : shape.inputs()) {
            if (name.equals(Manifest.SEQUENCE)) {
                float[] rows = rows(set.steps(), shape.length() * shape.stepWidth(), order, from, size);
                inputs.add(manager.create(rows, new Shape(size, shape.length(), shape.stepWidth())));
            } else {
                float[] rows = rows(set.values(), shape.width(), order, from, size);
                inputs.add(manager.create(rows, new Shape(size, shape.width())));
            }
        }
        return inputs;
    }

    static NDList labels(NDManager manager, TrainingSet set, int[] order, int from, int size) {
        return new NDList(manager.create(rows(set.labels(), 1, order, from, size), new Shape(size, 1)));
    }

    private static float[] rows(float[] all, int width, int[] order, int from, int size) {
        float[] rows = new float[size * width];
        for (int i = 0; i < size; i++) {
            System.arraycopy(all, order[from + i] * width, rows, i * width, width);
        }
        return rows;
    }

    /** Mean loss, without gradients. */
    double loss(Trainer trainer, Network network, TrainingSet set) {
        int[] order = new int[set.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        double sum = 0;
        for (int from = 0; from < order.length; from += judged) {
            int size = Math.min(judged, order.length - from);
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDList logits = trainer.evaluate(network.standardize(take(manager, set, order, from, size)));
                NDArray loss = trainer.getLoss().evaluate(labels(manager, set, order, from, size), logits);
                sum += loss.getFloat() * (double) size;
            }
        }
        return sum / order.length;
    }
}
