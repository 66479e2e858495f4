package io.millrace.processor.model;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A task that a line cannot solve: positive inside a circle. Its two inputs are far apart in level and scale. */
final class Ring {
    private Ring() {}

    static TrainingSet examples(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[2 * size];
        float[] labels = new float[size];
        for (int i = 0; i < size; i++) {
            float x = (float) random.nextGaussian();
            float y = (float) random.nextGaussian();
            values[2 * i] = 50 + 10 * x;
            values[2 * i + 1] = y / 100;
            labels[i] = x * x + y * y < 0.8 ? 1 : 0;
        }
        return new TrainingSet(2, values, labels);
    }

    /** The model's directory, a new one in the folder. */
    static Path write(Path folder, FittedNetwork fitted) throws IOException {
        Path model = Files.createTempDirectory(folder, "model");
        Files.write(model.resolve("model.params"), fitted.artifact());
        Files.writeString(model.resolve(Manifest.FILE_NAME), """
                name: ring
                version: "1"
                kind: djl
                artifact: model.params
                sha256: %s
                features: [{name: x, type: property, property: x}, {name: y, type: property, property: y}]
                output: {activation: sigmoid}
                label: inside
                threshold: 0.5
                network: {hidden: %s, mean: %s, scale: %s}
                provenance: {trainedOn: a synthetic ring, licence: Apache-2.0}
                """.formatted(
                        Sha256.of(fitted.artifact()),
                        fitted.network().hidden(),
                        fitted.network().mean(),
                        fitted.network().scale()));
        return model;
    }
}
