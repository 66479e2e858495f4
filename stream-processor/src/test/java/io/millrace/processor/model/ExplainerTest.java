package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.Explanation.Contribution;
import io.millrace.processor.model.Explanation.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contributions against what the models themselves say: differences of their outputs, and sums. */
class ExplainerTest {
    @Test
    void linear_isExact_andAgreesWithDifferences() throws Exception {
        ModelFiles files = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        Manifest manifest = files.manifest();
        Manifest.Network network = Objects.requireNonNull(manifest.network());
        List<Inputs.Slot> slots = manifest.features().stream()
                .map(feature -> new Inputs.Slot(feature.name(), feature.width()))
                .toList();
        float[] mean = floats(network.mean());
        float[] values = mean.clone();
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) random.nextGaussian() * network.scale().get(i);
        }
        try (LoadedModel model = LoadedModel.load(files, Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            Explanation explanation = model.explain(new Inputs(slots, values, null));

            assertThat(explanation.method()).isEqualTo(Method.LINEAR);
            assertThat(explanation.logit()).isTrue();
            assertThat(explanation.error()).isLessThan(1e-4);
            for (int i = 0; i < slots.size(); i++) {
                float[] one = mean.clone();
                one[i] = values[i];
                float[] scores = scorer.score(List.of(new Inputs(slots, one, null), new Inputs(slots, mean, null)));
                assertThat(explanation.features().get(i).name())
                        .isEqualTo(slots.get(i).name());
                assertThat(explanation.features().get(i).contribution())
                        .as(slots.get(i).name())
                        .isCloseTo(logit(scores[0]) - logit(scores[1]), within(1e-3));
            }
        }
    }

    @Test
    void integratedGradients_areTheMeanOfDifferencesOnTheWay(@TempDir Path directory) throws Exception {
        FitSettings settings = new FitSettings(null, List.of(8, 4), 0.02f, 0, 64, 20, 10, 3, 42);
        FittedNetwork fitted = NetworkTrainer.fit(Ring.examples(300, 7), Ring.examples(150, 8), settings, epoch -> {});
        List<Inputs.Slot> slots = List.of(new Inputs.Slot("x", 1), new Inputs.Slot("y", 1));
        float[] from = floats(fitted.network().mean());
        float[] to = {58, 0.012f};
        try (LoadedModel model = LoadedModel.load(Ring.write(directory, fitted), Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            Explanation explanation = model.explain(new Inputs(slots, to, null));

            assertThat(explanation.method()).isEqualTo(Method.INTEGRATED_GRADIENTS);
            assertThat(explanation.error()).isLessThan(2e-3 * Math.max(1, Math.abs(explanation.output())));
            float[] steps = {0.05f, 5e-5f};
            for (int i = 0; i < to.length; i++) {
                double sum = 0;
                int points = 200;
                for (int k = 0; k < points; k++) {
                    float share = (k + 0.5f) / points;
                    float[] up = {from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])};
                    float[] down = up.clone();
                    up[i] += steps[i];
                    down[i] -= steps[i];
                    float[] scores = scorer.score(List.of(new Inputs(slots, up, null), new Inputs(slots, down, null)));
                    sum += (logit(scores[0]) - logit(scores[1])) / ((double) up[i] - down[i]);
                }
                assertThat(explanation.features().get(i).contribution())
                        .isCloseTo(sum / points * ((double) to[i] - from[i]), within(5e-2));
            }
        }
    }

    /** DJL runs TorchScript without gradients. */
    @Test
    void occlusion_isTheDifferenceThatAFeatureMakes_whereAScriptGivesNoGradients(@TempDir Path directory)
            throws Exception {
        float[] given = {0.8f, -1.2f, 0.5f, 2f};
        try (LoadedModel model = LoadedModel.load(Fixtures.dense(directory, "mlp.pt"), Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            Explanation explanation = model.explain(Fixtures.row(given));

            assertThat(explanation.method()).isEqualTo(Method.OCCLUSION);
            for (int i = 0; i < given.length; i++) {
                float[] without = given.clone();
                without[i] = 0;
                float[] scores = scorer.score(List.of(Fixtures.row(given), Fixtures.row(without)));
                assertThat(explanation.features().get(i).contribution())
                        .isCloseTo((double) scores[0] - scores[1], within(1e-5));
            }
        }
    }

    @Test
    void sequences_areExplainedByFeatureOfAStep(@TempDir Path directory) throws Exception {
        try (LoadedModel model = LoadedModel.load(Fixtures.joined(directory), Fixtures.LIMITS)) {
            for (Inputs row : Fixtures.rows(5, 9)) {
                Explanation explanation = model.explain(row);

                assertThat(explanation.sequence())
                        .extracting(Contribution::name)
                        .isEqualTo(Fixtures.STEP);
                List<Contribution> all = new ArrayList<>(explanation.features());
                all.addAll(explanation.sequence());
                double sum =
                        all.stream().mapToDouble(Contribution::contribution).sum();
                assertThat(Math.abs(sum - (explanation.output() - explanation.baselineOutput())))
                        .isCloseTo(explanation.error(), within(1e-9));
            }
        }
    }

    /** What an analyst gets of a network over the last events: by gradients too, for each value of a step. */
    @Test
    void gru_isExplainedByIntegratedGradients() throws Exception {
        try (LoadedModel model = LoadedModel.load(ModelFiles.shipped("automation"), Fixtures.LIMITS)) {
            Manifest manifest = model.manifest();
            SequenceSpec sequence = Objects.requireNonNull(manifest.sequence());
            List<String> names = Stream.concat(
                            sequence.features().stream().map(FeatureSpec::name),
                            Stream.ofNullable(sequence.sinceLast()))
                    .toList();
            for (int count : new int[] {0, 1, 5, 16}) {
                Explanation explanation = model.explain(row(manifest, names, count));

                assertThat(explanation.method()).isEqualTo(Method.INTEGRATED_GRADIENTS);
                assertThat(explanation.features()).hasSize(18);
                assertThat(explanation.sequence())
                        .extracting(Contribution::name)
                        .isEqualTo(names);
                assertThat(explanation.error()).isLessThan(1e-2 * Math.max(1, Math.abs(explanation.output())));
                if (count == 0) {
                    assertThat(explanation.sequence())
                            .allSatisfy(each -> assertThat(each.contribution()).isZero());
                }
            }
        }
    }

    private static Inputs row(Manifest manifest, List<String> names, int steps) {
        Random random = new Random(steps);
        List<Inputs.Slot> slots = manifest.features().stream()
                .map(feature -> new Inputs.Slot(feature.name(), feature.width()))
                .toList();
        float[] values = new float[slots.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 3 * random.nextFloat();
        }
        float[] told = new float[steps * names.size()];
        for (int i = 0; i < told.length; i++) {
            told[i] = 3 * random.nextFloat();
        }
        return new Inputs(slots, values, new Inputs.Sequence(names, steps, told));
    }

    private static float[] floats(List<Float> given) {
        float[] floats = new float[given.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = given.get(i);
        }
        return floats;
    }

    private static double logit(float score) {
        return Math.log(score / (1 - (double) score));
    }
}
