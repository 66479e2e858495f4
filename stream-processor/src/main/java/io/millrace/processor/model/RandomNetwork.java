package io.millrace.processor.model;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.model.Manifest;
import java.io.IOException;
import java.util.Objects;
import java.util.Random;

/** Networks of kind djl that know nothing: what one costs does not depend on its weights. For benchmarks. */
public final class RandomNetwork {
    private RandomNetwork() {}

    /**
     * The artifact of a manifest's network, with weights that are drawn; starts PyTorch.
     *
     * @param manifest of a network that reads dense values alone
     * @param seed the same weights for the same seed
     */
    public static byte[] artifact(Manifest manifest, long seed) throws IOException {
        Random random = new Random(seed);
        try (Model model = Model.newInstance("random", Device.cpu(), "PyTorch")) {
            Network network = new Network(
                    Objects.requireNonNull(manifest.network(), "a model of kind djl"),
                    InputShape.of(manifest),
                    model.getNDManager());
            network.learned()
                    .setInitializer(
                            (manager, shape, type) -> manager.create(
                                    Weights.uniform(random, Math.toIntExact(shape.size()), Weights.bound(shape)),
                                    shape),
                            parameter -> true);
            network.learned().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, manifest.width()));
            model.setBlock(network.learned());
            return NetworkFile.of(model);
        }
    }
}
