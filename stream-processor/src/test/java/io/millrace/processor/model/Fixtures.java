package io.millrace.processor.model;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/** The TorchScript files of {@code src/test/resources/torchscript}, with manifests around them. */
final class Fixtures {
    static final int WIDTH = 4;
    static final int STEPS = 6;
    static final List<String> STEP = List.of("a", "b", "c");
    static final ModelLimits LIMITS = new ModelLimits(1 << 20, Duration.ofSeconds(20), List.of(1, 8, 64));

    private static final List<Inputs.Slot> SLOTS = List.of(
            new Inputs.Slot("f0", 1), new Inputs.Slot("f1", 1), new Inputs.Slot("f2", 1), new Inputs.Slot("f3", 1));
    private static final String FEATURES = """
            features:
              - {type: property, name: f0, property: f0}
              - {type: property, name: f1, property: f1}
              - {type: property, name: f2, property: f2}
              - {type: property, name: f3, property: f3}
            """;
    private static final String SEQUENCE = """
            sequence:
              length: 6
              features:
                - {type: property, name: a, property: a}
                - {type: property, name: b, property: b}
              sinceLast: c
            """;

    private Fixtures() {}

    static byte[] bytes(String file) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/torchscript/" + file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** Writes a model directory: the artifact, and a manifest with these parts and the artifact's sha256. */
    static Path write(Path directory, byte[] artifact, String... parts) {
        String manifest = """
                name: fixture
                version: "1"
                kind: torchscript
                artifact: model.pt
                sha256: %s
                label: fixture
                threshold: 0.5
                provenance: {trainedOn: nothing, licence: Apache-2.0}
                """.formatted(Sha256.of(artifact)) + String.join("", parts);
        try {
            Files.write(directory.resolve("model.pt"), artifact);
            Files.writeString(directory.resolve(Manifest.FILE_NAME), manifest);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path dense(Path directory, String file) {
        return dense(directory, bytes(file));
    }

    static Path dense(Path directory, byte[] artifact, String... parts) {
        return write(directory, artifact, FEATURES + String.join("", parts));
    }

    static Path sequence(Path directory, String file) {
        return write(directory, bytes(file), SEQUENCE);
    }

    /** Of features and sequence, the second of two columns. */
    static Path joined(Path directory) {
        return write(directory, bytes("joined.pt"), FEATURES, SEQUENCE, "output: {column: 1}\n");
    }

    static Inputs row(float... values) {
        return new Inputs(SLOTS, values, null);
    }

    static Inputs row(float[] values, int steps, float[] sequence) {
        return new Inputs(SLOTS, values, new Inputs.Sequence(STEP, steps, sequence));
    }

    /** Rows with sequences of all lengths. */
    static List<Inputs> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Inputs> rows = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> {
            int steps = random.nextInt(STEPS + 1);
            rows.add(row(gaussian(random, WIDTH), steps, gaussian(random, steps * STEP.size())));
        });
        return rows;
    }

    private static float[] gaussian(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
