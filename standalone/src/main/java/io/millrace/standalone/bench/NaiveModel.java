package io.millrace.standalone.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;

/**
 * A network of the size of {@link BenchModels}' first, asked about one event at a time as DJL's examples have it: a Predictor, and a
 * Translator that makes tensors of an input and a value of the output. Its numbers are what stands in the user's state, so that it
 * need not calculate any. Used by one thread.
 */
final class NaiveModel implements AutoCloseable {
    private static final int WIDTH = 16;

    private final Model model = Model.newInstance("naive", Device.cpu(), "PyTorch");
    private final Predictor<float[], Float> predictor;

    NaiveModel() {
        SequentialBlock layers = new SequentialBlock();
        for (int units : BenchModels.HIDDEN) {
            layers.add(Linear.builder().setUnits(units).build());
            layers.add(Activation::relu);
        }
        layers.add(Linear.builder().setUnits(1).build());
        layers.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, WIDTH));
        model.setBlock(layers);
        predictor = model.newPredictor(new Translator<>() {
            @Override
            public NDList processInput(TranslatorContext context, float[] input) {
                return new NDList(context.getNDManager().create(input));
            }

            @Override
            public Float processOutput(TranslatorContext context, NDList list) {
                return list.singletonOrThrow().getFloat();
            }
        });
    }

    float score(ByteBuffer state) {
        float[] input = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            input[i] = state.get(i);
        }
        try {
            return predictor.predict(input);
        } catch (TranslateException e) {
            throw new IllegalStateException("the network failed", e);
        }
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }
}
