package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.RandomNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What scores in a sitting, each in a folder of its own: one model alone, since with others an event is scored as many times.
 * None of them was trained on what it sees: scores are worthless here, and cost what others cost.
 */
final class BenchModels {
    /** Values of a Crayfish event's vector. */
    static final int CRAYFISH_WIDTH = 784;

    static final String CRAYFISH_EVENT = "point_measured";
    static final String CRAYFISH_PROPERTY = "point";

    /** Units of the first one's hidden layers. */
    static final List<Integer> HIDDEN = List.of(64, 32);

    private static final long SEED = 1;
    private static final Pattern SHA256 = Pattern.compile("sha256: \\S+");
    private static final String RECURRENT = "automation";
    /** Steps of the recurrent model, whose weights do not depend on it. */
    private static final int STEPS = 20;

    private final Path dense;
    private final Path recurrent;
    private final Path crayfish;
    private final Manifest manifest;

    /**
     * Writes them.
     *
     * @param model a directory with the model that scores; null for the shipped one's features in a network with two hidden layers
     */
    BenchModels(Path folder, @Nullable Path model) throws BenchFailedException, IOException {
        dense = folder.resolve("models");
        recurrent = folder.resolve("models-recurrent");
        crayfish = folder.resolve("models-crayfish");
        try {
            Written scores = model == null ? drawn(mlp()) : given(model);
            scores.to(dense);
            manifest = scores.files.manifest();
            new Written(recurrent(), ModelFiles.shipped(RECURRENT)).to(recurrent);
            drawn(crayfish()).to(crayfish);
        } catch (ModelRefusedException e) {
            throw new BenchFailedException(String.valueOf(e.getMessage()));
        }
    }

    /** A manifest's text, and what it says. */
    private record Written(String yaml, ModelFiles files) {
        void to(Path folder) throws IOException {
            Path model = Files.createDirectories(
                    folder.resolve(files.manifest().model().name()));
            Files.writeString(model.resolve(Manifest.FILE_NAME), yaml);
            Files.write(model.resolve(files.manifest().artifact()), files.artifact());
        }
    }

    /** Of the model that scores. */
    Manifest manifest() {
        return manifest;
    }

    /** Where what scores a variant's events lies. */
    Path folder(Variant.Scorer scorer) {
        return switch (scorer) {
            case DENSE -> dense;
            case RECURRENT -> recurrent;
            case CRAYFISH -> crayfish;
        };
    }

    private static String mlp() {
        return new String(ModelFiles.shippedManifest(ModelFiles.PURCHASE_INTENT), UTF_8)
                .replace("hidden: []", "hidden: " + HIDDEN);
    }

    /** The recurrent model that comes with Millrace, told to look at a shop's last events. */
    private static String recurrent() {
        return new String(ModelFiles.shippedManifest(RECURRENT), UTF_8)
                .replace("- page_edited", "- product_viewed\n  - product_added")
                .replace("length: 16", "length: " + STEPS);
    }

    /**
     * The network of Crayfish (Horchidan et al., EDBT 2024), 784 values through four layers of 32, which ends in ten values
     * there and in one here: one multiplication of a hundred less.
     */
    private static String crayfish() {
        return """
                name: crayfish
                version: "1"
                kind: djl
                artifact: model.params
                sha256: "%s"
                selects: {events: [%s]}
                features:
                  - {name: point, type: vector, property: %s, size: %d}
                output: {activation: sigmoid}
                label: crayfish
                threshold: 0.5
                network:
                  hidden: [32, 32, 32, 32]
                  mean: %s
                  scale: %s
                provenance: {trainedOn: "nothing: random weights", licence: Apache-2.0}
                """.formatted(
                        "0".repeat(64),
                        CRAYFISH_EVENT,
                        CRAYFISH_PROPERTY,
                        CRAYFISH_WIDTH,
                        Collections.nCopies(CRAYFISH_WIDTH, 0),
                        Collections.nCopies(CRAYFISH_WIDTH, 1));
    }

    /** A manifest's network with weights that are drawn. */
    private static Written drawn(String unsigned) throws IOException, ModelRefusedException {
        byte[] artifact = RandomNetwork.artifact(read(unsigned), SEED);
        String yaml = SHA256.matcher(unsigned).replaceFirst("sha256: " + Sha256.of(artifact));
        return new Written(yaml, ModelFiles.of(read(yaml), artifact));
    }

    private static Written given(Path model) throws IOException, ModelRefusedException {
        // First what says in a sentence what is missing.
        ModelFiles files = ModelFiles.read(model, ModelLimits.DEFAULT);
        return new Written(Files.readString(model.resolve(Manifest.FILE_NAME)), files);
    }

    private static Manifest read(String yaml) throws ModelRefusedException {
        return ModelFiles.manifest(yaml.getBytes(UTF_8), "a model of the benchmarks");
    }
}
