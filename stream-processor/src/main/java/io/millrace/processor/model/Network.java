package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.millrace.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The network of kind djl: {@code (x − mean) / scale}, then linear layers with ReLU between them, one logit out; where it
 * reads the sequence, a recurrent layer's last hidden state stands before the dense values. Means and scales stand in the
 * manifest; the artifact holds {@link #learned()} as DJL saves it.
 *
 * <p>Takes its tensors in the order of {@code inputs}: {@code [batch, width]} and {@code [batch, length, step width]}. A
 * step is padding where it and all before it are zeros, which is what serving pads with: training and serving see the same
 * tensors and nothing else. (A first event whose values are all 0 so counts as padding; it says no more than one.)
 */
final class Network extends AbstractBlock {
    private static final byte VERSION = 1;

    private final SequentialBlock layers = new SequentialBlock();
    private final List<Shape> weights = new ArrayList<>();
    private final @Nullable Scaling dense;
    private final @Nullable Scaling steps;
    private final @Nullable RecurrentNetwork recurrent;
    private final int densePlace;
    private final int sequencePlace;

    /**
     * Lays out the network of a manifest, without weights.
     *
     * @throws IllegalArgumentException if means and scales are not as many as the inputs' values
     */
    Network(Manifest.Network network, InputShape shape, NDManager manager) {
        super(VERSION);
        densePlace = shape.inputs().indexOf(Manifest.FEATURES);
        sequencePlace = shape.inputs().indexOf(Manifest.SEQUENCE);
        int width = densePlace < 0 ? 0 : shape.width();
        check("network", network.mean(), network.scale(), width);
        dense = densePlace < 0 ? null : Scaling.of(network.mean(), network.scale(), manager);
        Manifest.Recurrent cell = network.recurrent();
        int before = width;
        if (cell == null) {
            steps = null;
            recurrent = null;
        } else {
            check("network.recurrent", cell.mean(), cell.scale(), shape.stepWidth());
            steps = Scaling.of(cell.mean(), cell.scale(), manager);
            recurrent = new RecurrentNetwork(cell, layers);
            before += cell.units();
        }
        for (int units : network.hidden()) {
            linear(units, before);
            layers.add(Activation::relu);
            before = units;
        }
        linear(1, before);
    }

    private static void check(String path, List<Float> mean, List<Float> scale, int width) {
        if (mean.size() != width || scale.size() != width) {
            throw new IllegalArgumentException(path + " has " + mean.size() + " means and " + scale.size()
                    + " scales, expected " + width + " of each");
        }
        if (scale.contains(0f)) {
            throw new IllegalArgumentException(path + ".scale has a 0, expected none");
        }
    }

    private void linear(int units, int before) {
        layers.add(Linear.builder().setUnits(units).build());
        weights.add(new Shape(units, before));
    }

    /** What is trained and saved; its inputs are what {@link #standardize} gives. */
    Block learned() {
        return recurrent == null ? layers : recurrent;
    }

    /** The standardized inputs, the sequence first, on the inputs' manager. */
    NDList standardize(NDList inputs) {
        NDList ready = new NDList(2);
        if (steps != null) {
            ready.add(unpadded(inputs.get(sequencePlace), steps));
        }
        if (dense != null) {
            ready.add(dense.apply(inputs.get(densePlace)));
        }
        return ready;
    }

    private static NDArray unpadded(NDArray sequence, Scaling scaling) {
        NDArray begun = sequence.abs().sum(new int[] {2}, true).cumSum(1).gt(0);
        return scaling.apply(sequence).muli(begun.toType(DataType.FLOAT32, false));
    }

    /** Of the logit. */
    NDArray lastBias() {
        Linear last = (Linear) layers.getChildren().valueAt(layers.getChildren().size() - 1);
        return last.getParameters().valueAt(1).getArray();
    }

    /** Loading takes the shapes that are in the file: says whether they are those of the manifest. */
    void check() {
        if (!learned().isInitialized()) {
            throw new IllegalArgumentException("it is no file of parameters saved by DJL");
        }
        List<Shape> found = new ArrayList<>();
        List<Shape> expected = new ArrayList<>(weights);
        if (recurrent != null) {
            recurrent.addWeights(found);
            expected.addAll(0, recurrent.expected(Objects.requireNonNull(steps).width()));
        }
        for (Block layer : layers.getChildren().values()) {
            if (layer instanceof Linear linear) {
                found.add(linear.getParameters().valueAt(0).getArray().getShape());
            }
        }
        if (!found.equals(expected)) {
            throw new IllegalArgumentException("it has weights " + found + ", expected " + expected);
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        return learned().forward(store, standardize(inputs), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), 1)};
    }

    /** Mean and scale of one input's last axis. */
    private record Scaling(int width, NDArray mean, NDArray scale) {
        static Scaling of(List<Float> mean, List<Float> scale, NDManager manager) {
            return new Scaling(mean.size(), manager.create(array(mean)), manager.create(array(scale)));
        }

        NDArray apply(NDArray input) {
            return input.sub(mean).divi(scale);
        }

        private static float[] array(List<Float> values) {
            float[] array = new float[values.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = values.get(i);
            }
            return array;
        }
    }
}
