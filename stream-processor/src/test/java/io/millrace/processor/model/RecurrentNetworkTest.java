package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.millrace.codec.ManifestCodec;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.model.Manifest.Recurrent.Cell;
import io.millrace.prediction.Inputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A GRU or an LSTM that our own training wrote, served: alone, and joined with dense values. */
final class RecurrentNetworkTest {
    private static final int LENGTH = 6;
    private static final List<String> BOTH = List.of("features", "sequence");
    private static final List<String> ALONE = List.of("sequence");

    @ParameterizedTest
    @EnumSource(Cell.class)
    void recurrence_learnsTheOrderOfSteps(Cell cell) throws Exception {
        FittedNetwork fitted = fit(BOTH, cell, 1);
        List<Inputs> unseen = rows(400, 9);

        float[] scores = score(files(BOTH, fitted), unseen);

        int right = 0;
        for (int i = 0; i < scores.length; i++) {
            right += scores[i] >= 0.5 == risesLast(unseen.get(i)) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(360);
    }

    @Test
    void sameSeed_givesTheSameWeights() {
        byte[] first = fit(ALONE, Cell.GRU, 1).artifact();

        assertThat(fit(ALONE, Cell.GRU, 1).artifact()).isEqualTo(first);
        assertThat(fit(ALONE, Cell.GRU, 2).artifact()).isNotEqualTo(first);
    }

    @Test
    void score_isTheSameInEveryBatchAndOnEveryThread() throws Exception {
        ModelFiles files = files(ALONE, fit(ALONE, Cell.GRU, 1));
        List<Inputs> rows = rows(64, 3);
        float[] together = score(files, rows);

        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (LoadedModel model = LoadedModel.load(files, Fixtures.LIMITS)) {
            Callable<float[]> oneByOne = () -> {
                try (Scorer scorer = model.newScorer()) {
                    float[] scores = new float[rows.size()];
                    for (int i = 0; i < scores.length; i++) {
                        scores[i] = scorer.score(rows.subList(i, i + 1))[0];
                    }
                    return scores;
                }
            };
            for (Future<float[]> future : threads.invokeAll(List.of(oneByOne, oneByOne, oneByOne))) {
                float[] alone = future.get();
                for (int i = 0; i < alone.length; i++) {
                    assertThat(alone[i]).isCloseTo(together[i], within(1e-6f));
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void padding_isNotStandardized() throws Exception {
        FittedNetwork fitted = fit(ALONE, Cell.GRU, 1);
        Manifest.Network n = fitted.network();
        Manifest.Recurrent r = Objects.requireNonNull(n.recurrent());
        // Had padding been standardized with it, a mean far away would move the score of a padded sequence alone.
        float[] near = score(files(ALONE, fitted), List.of(empty()));
        Manifest.Recurrent far = new Manifest.Recurrent(r.cell(), r.units(), List.of(1e4f, -1e4f), r.scale());
        FittedNetwork moved =
                new FittedNetwork(new Manifest.Network(n.hidden(), n.mean(), n.scale(), far), fitted.artifact(), 1);

        assertThat(score(files(ALONE, moved), List.of(empty()))).containsExactly(near);
        List<Inputs> full = rows(1, 5);
        assertThat(score(files(ALONE, moved), full)).isNotEqualTo(score(files(ALONE, fitted), full));
    }

    @Test
    void refused_whenTheWeightsAreOfAnotherCellOrWidth() throws Exception {
        FittedNetwork fitted = fit(BOTH, Cell.GRU, 1);

        assertThat(refusal(manifest(BOTH, fitted).replace("cell: gru", "cell: lstm"), fitted))
                .contains("does not hold the parameters of the manifest's network: it has weights [(24, 2), (24, 8)");
        assertThat(refusal(manifest(BOTH, fitted).replace("units: 8", "units: 9"), fitted))
                .contains("expected [(27, 2), (27, 9)");
        assertThat(refusal(manifest(BOTH, fitted).replace("sinceLast: gap, ", ""), fitted))
                .contains("network.recurrent has 2 means and 2 scales, expected 1 of each");
    }

    private static String refusal(String yaml, FittedNetwork fitted) throws Exception {
        ModelFiles files = ModelFiles.of(ManifestCodec.read(yaml.getBytes(StandardCharsets.UTF_8)), fitted.artifact());
        return String.valueOf(assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(files, Fixtures.LIMITS).close())
                .actual()
                .getMessage());
    }

    private static FittedNetwork fit(List<String> inputs, Cell cell, long seed) {
        FitSettings settings =
                new FitSettings(new FitSettings.Recurrent(cell, 8), List.of(8), 0.02f, 0, 64, 25, 10, 1, seed);
        return NetworkTrainer.fit(set(inputs, 600, 7), set(inputs, 200, 8), settings, epoch -> {});
    }

    private static TrainingSet set(List<String> inputs, int size, long seed) {
        List<Inputs> rows = rows(size, seed);
        float[] labels = new float[size];
        for (int i = 0; i < size; i++) {
            labels[i] = risesLast(rows.get(i)) ? 1 : 0;
        }
        return TrainingSet.of(new InputShape(inputs, 1, LENGTH, 2), rows, labels);
    }

    private static boolean risesLast(Inputs row) {
        float[] steps = Objects.requireNonNull(row.sequence()).values();
        return steps.length > 2 && steps[steps.length - 2] > steps[steps.length - 4];
    }

    private static Inputs empty() {
        return inputs(0, new float[0]);
    }

    private static Inputs inputs(float dense, float[] steps) {
        return new Inputs(
                List.of(new Inputs.Slot("x", 1)),
                new float[] {dense},
                new Inputs.Sequence(List.of("a", "gap"), steps.length / 2, steps));
    }

    private static List<Inputs> rows(int size, long seed) {
        Random random = new Random(seed);
        List<Inputs> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] steps = new float[2 * (1 + random.nextInt(LENGTH))];
            for (int j = 0; j < steps.length; j++) {
                steps[j] = 5 + 2 * (float) random.nextGaussian();
            }
            rows.add(inputs((float) random.nextGaussian(), steps));
        }
        return rows;
    }

    private static ModelFiles files(List<String> inputs, FittedNetwork fitted) throws Exception {
        return ModelFiles.of(
                ManifestCodec.read(manifest(inputs, fitted).getBytes(StandardCharsets.UTF_8)), fitted.artifact());
    }

    private static String manifest(List<String> inputs, FittedNetwork fitted) {
        Manifest.Network n = fitted.network();
        Manifest.Recurrent r = Objects.requireNonNull(n.recurrent());
        return """
                name: steps
                version: "1"
                kind: djl
                artifact: model.params
                sha256: %s
                features: [{name: x, type: property, property: x}]
                sequence: {length: %d, sinceLast: gap, features: [{name: a, type: property, property: a}]}
                inputs: %s
                output: {activation: sigmoid}
                label: rises
                threshold: 0.5
                network:
                  hidden: %s
                  mean: %s
                  scale: %s
                  recurrent: {cell: %s, units: %d, mean: %s, scale: %s}
                provenance: {trainedOn: synthetic steps, licence: Apache-2.0}
                """.formatted(
                        Sha256.of(fitted.artifact()),
                        LENGTH,
                        inputs,
                        n.hidden(),
                        n.mean(),
                        n.scale(),
                        r.cell().name().toLowerCase(Locale.ROOT),
                        r.units(),
                        r.mean(),
                        r.scale());
    }

    private static float[] score(ModelFiles files, List<Inputs> rows) throws Exception {
        float[] scores = new float[rows.size()];
        try (LoadedModel model = LoadedModel.load(files, Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            for (int from = 0; from < scores.length; from += scorer.largestBatch()) {
                float[] some = scorer.score(rows.subList(from, Math.min(scores.length, from + scorer.largestBatch())));
                System.arraycopy(some, 0, scores, from, some.length);
            }
        }
        return scores;
    }
}
