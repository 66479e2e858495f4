package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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

/**
 * The network of kind djl: {@code (x − mean) / scale}, then linear layers with ReLU between them, one logit out. Mean and
 * scale stand in the manifest; the artifact holds the linear layers as DJL saves them.
 */
final class FeedForward extends AbstractBlock {
    private static final byte VERSION = 1;

    private final SequentialBlock layers = new SequentialBlock();
    private final List<Shape> weights = new ArrayList<>();
    private final NDArray mean;
    private final NDArray scale;

    FeedForward(Manifest.Network network, int width, NDManager manager) {
        super(VERSION);
        if (network.mean().size() != width || network.scale().size() != width) {
            throw new IllegalArgumentException("network has " + network.mean().size() + " means and "
                    + network.scale().size() + " scales, expected " + width + " of each");
        }
        if (network.scale().contains(0f)) {
            throw new IllegalArgumentException("network.scale has a 0, expected none");
        }
        mean = manager.create(array(network.mean()));
        scale = manager.create(array(network.scale()));
        int before = width;
        for (int units : network.hidden()) {
            linear(units, before);
            layers.add(Activation::relu);
            before = units;
        }
        linear(1, before);
    }

    private void linear(int units, int before) {
        layers.add(Linear.builder().setUnits(units).build());
        weights.add(new Shape(units, before));
    }

    /** What is trained and saved. */
    SequentialBlock layers() {
        return layers;
    }

    /** The standardized input, on the input's manager. */
    NDArray standardize(NDArray input) {
        return input.sub(mean).divi(scale);
    }

    /** Of the logit. */
    NDArray lastBias() {
        Linear last = (Linear) layers.getChildren().valueAt(layers.getChildren().size() - 1);
        return last.getParameters().valueAt(1).getArray();
    }

    /** Loading takes the shapes that are in the file: says whether they are those of the manifest. */
    void check() {
        List<Shape> found = new ArrayList<>();
        for (Block layer : layers.getChildren().values()) {
            if (layer instanceof Linear linear) {
                if (!linear.isInitialized()) {
                    throw new IllegalArgumentException("it is no file of parameters saved by DJL");
                }
                found.add(linear.getParameters().valueAt(0).getArray().getShape());
            }
        }
        if (!found.equals(weights)) {
            throw new IllegalArgumentException("it has weights " + found + ", expected " + weights);
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        return layers.forward(store, new NDList(standardize(inputs.singletonOrThrow())), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), 1)};
    }

    private static float[] array(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
