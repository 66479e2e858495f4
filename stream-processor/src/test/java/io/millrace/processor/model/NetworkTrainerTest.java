package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.codec.ManifestCodec;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkTrainerTest {
    private static final FitSettings SETTINGS = new FitSettings(null, List.of(8, 4), 0.02f, 0, 64, 60, 10, 3, 42);

    private final Path directory;

    NetworkTrainerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void sameSeed_givesTheSameWeights() {
        byte[] first = fit(SETTINGS).artifact();

        assertThat(fit(SETTINGS).artifact()).isEqualTo(first);
        FitSettings other = new FitSettings(null, List.of(8, 4), 0.02f, 0, 64, 60, 10, 3, 43);
        assertThat(fit(other).artifact()).isNotEqualTo(first);
    }

    @Test
    void network_learnsWhatALineCannotPart() throws Exception {
        TrainingSet unseen = Ring.examples(500, 9);

        assertThat(rightSide(Ring.write(directory, fit(SETTINGS)), unseen)).isGreaterThan(0.9);
        assertThat(rightSide(Ring.write(directory, fit(SETTINGS.logistic())), unseen))
                .isLessThan(0.8);
    }

    @Test
    void scores_areProbabilitiesInSpiteOfTheWeight() throws Exception {
        TrainingSet unseen = Ring.examples(2000, 10);
        double mean = 0;
        for (float score : score(Ring.write(directory, fit(SETTINGS)), unseen)) {
            mean += score / unseen.size();
        }

        double share = (double) unseen.positives() / unseen.size();
        assertThat(mean).isBetween(share - 0.05, share + 0.05);
    }

    @Test
    void refused_whenTheParametersAreOfAnotherNetwork() throws Exception {
        Path model = Ring.write(directory, fit(SETTINGS));
        Path manifest = model.resolve(Manifest.FILE_NAME);
        String text = Files.readString(manifest);
        Manifest wrong = ManifestCodec.read(
                text.replace("hidden: [8, 4]", "hidden: [8, 5]").getBytes(StandardCharsets.UTF_8));
        byte[] artifact = Files.readAllBytes(model.resolve("model.params"));

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(ModelFiles.of(wrong, artifact), Fixtures.LIMITS)
                        .close())
                .withMessageContaining(
                        "does not hold the parameters of the manifest's network: it has weights [(8, 2)");
    }

    @Test
    void refused_whenTheArtifactIsNoDjlFile() throws Exception {
        FittedNetwork fitted = fit(SETTINGS);
        byte[] text = "weights".getBytes(StandardCharsets.UTF_8);
        Path model = Ring.write(directory, new FittedNetwork(fitted.network(), text, 1));

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(model, Fixtures.LIMITS).close())
                .withMessageContaining("it is no file of parameters saved by DJL");
    }

    @Test
    void setWithOneLabel_isRefused() {
        TrainingSet ones = new TrainingSet(1, new float[] {1, 2}, new float[] {1, 1});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkTrainer.fit(ones, SETTINGS, epoch -> {}))
                .withMessage("2 of 2 examples are positive: expected some of each");
    }

    private static FittedNetwork fit(FitSettings settings) {
        return NetworkTrainer.fit(Ring.examples(600, 7), Ring.examples(300, 8), settings, epoch -> {});
    }

    private static double rightSide(Path model, TrainingSet set) throws Exception {
        float[] scores = score(model, set);
        int right = 0;
        for (int i = 0; i < scores.length; i++) {
            right += (scores[i] >= 0.5) == (set.labels()[i] > 0) ? 1 : 0;
        }
        return (double) right / scores.length;
    }

    private static float[] score(Path directory, TrainingSet set) throws Exception {
        List<Inputs.Slot> slots = List.of(new Inputs.Slot("x", 1), new Inputs.Slot("y", 1));
        float[] scores = new float[set.size()];
        try (LoadedModel model = LoadedModel.load(directory, Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            for (int from = 0; from < scores.length; from += scorer.largestBatch()) {
                List<Inputs> batch = new ArrayList<>();
                for (int i = from; i < Math.min(scores.length, from + scorer.largestBatch()); i++) {
                    batch.add(new Inputs(slots, Arrays.copyOfRange(set.values(), 2 * i, 2 * i + 2), null));
                }
                float[] some = scorer.score(batch);
                System.arraycopy(some, 0, scores, from, some.length);
            }
        }
        return scores;
    }
}
