package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.millrace.model.Manifest;
import java.util.List;

/**
 * A recurrent layer over {@code [batch, length, step width]}, its last hidden state joined before {@code [batch, width]}
 * where that is a second input, then the given layers.
 */
final class RecurrentNetwork extends AbstractBlock {
    private static final byte VERSION = 1;
    /** Weights before biases: what an input does, what the state does. */
    private static final int WEIGHTS = 2;

    private final Manifest.Recurrent cell;
    private final RecurrentBlock recurrence;
    private final SequentialBlock layers;

    RecurrentNetwork(Manifest.Recurrent cell, SequentialBlock layers) {
        super(VERSION);
        this.cell = cell;
        this.recurrence = addChildBlock("recurrence", block(cell));
        this.layers = addChildBlock("layers", layers);
    }

    private static RecurrentBlock block(Manifest.Recurrent cell) {
        return switch (cell.cell()) {
            case GRU ->
                GRU.builder()
                        .setStateSize(cell.units())
                        .setNumLayers(1)
                        .optReturnState(true)
                        .build();
            case LSTM ->
                LSTM.builder()
                        .setStateSize(cell.units())
                        .setNumLayers(1)
                        .optReturnState(true)
                        .build();
        };
    }

    /** Whether it belongs to a recurrent layer: DJL names those by what they lead to, {@code h}. */
    static boolean isOfRecurrence(Parameter parameter) {
        return parameter.getName().contains("2h_");
    }

    private int gates() {
        return switch (cell.cell()) {
            case GRU -> 3;
            case LSTM -> 4;
        };
    }

    /** The shapes of the recurrent weights for steps of so many values. */
    List<Shape> expected(int stepWidth) {
        long rows = (long) gates() * cell.units();
        return List.of(new Shape(rows, stepWidth), new Shape(rows, cell.units()));
    }

    /** Adds the shapes of the recurrent weights as they are. */
    void addWeights(List<Shape> shapes) {
        for (int i = 0; i < WEIGHTS; i++) {
            shapes.add(recurrence.getParameters().valueAt(i).getArray().getShape());
        }
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        recurrence.initialize(manager, type, inputs[0]);
        long width = cell.units() + (inputs.length > 1 ? inputs[1].get(1) : 0);
        layers.initialize(manager, type, new Shape(inputs[0].get(0), width));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        // A list of its own: the block adds its first state to what it is given.
        NDList states = recurrence.forward(store, new NDList(inputs.get(0)), training);
        NDArray last = states.get(1).squeeze(0);
        NDArray joined = inputs.size() > 1 ? last.concat(inputs.get(1), 1) : last;
        return layers.forward(store, new NDList(joined), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), 1)};
    }
}
