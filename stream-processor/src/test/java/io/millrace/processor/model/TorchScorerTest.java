package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TorchScorerTest {
    /** Products of matrices of different sizes add up in different orders. */
    private static final Offset<Float> LAST_BITS = within(1e-6f);

    private final Path directory;

    TorchScorerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void scores_areThoseOfPyTorch() throws Exception {
        JsonNode expected = new ObjectMapper().readTree(Fixtures.bytes("expected.json"));
        List<Inputs> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(Fixtures.row(
                    floats(expected.get("features").get(i)),
                    Fixtures.STEPS,
                    floats(expected.get("sequence").get(i))));
        }

        for (String name : List.of("mlp", "lstm", "joined")) {
            float[] scores = score(fixture(name), rows);

            for (int i = 0; i < 5; i++) {
                JsonNode answer = expected.get(name).get(i);
                float score = answer.isArray() ? answer.get(answer.size() - 1).floatValue() : answer.floatValue();
                assertThat(scores[i]).as("%s %d", name, i).isCloseTo(score, LAST_BITS);
            }
        }
    }

    @Test
    void scores_doNotDependOnTheBatch() throws Exception {
        List<Inputs> rows = Fixtures.rows(64, 3);
        for (String name : List.of("mlp", "lstm", "joined")) {
            try (LoadedModel model = LoadedModel.load(fixture(name), Fixtures.LIMITS);
                    Scorer scorer = model.newScorer()) {
                float[] alone = new float[rows.size()];
                for (int i = 0; i < alone.length; i++) {
                    alone[i] = scorer.score(List.of(rows.get(i)))[0];
                }
                Random random = new Random(5);
                for (int size : new int[] {1, 2, 7, 8, 9, 33, 64}) {
                    List<Integer> order = new ArrayList<>();
                    Collections.addAll(
                            order,
                            java.util.stream.IntStream.range(0, 64).boxed().toArray(Integer[]::new));
                    Collections.shuffle(order, random);
                    List<Integer> chosen = order.subList(0, size);

                    float[] together =
                            scorer.score(chosen.stream().map(rows::get).toList());

                    for (int i = 0; i < size; i++) {
                        assertThat(together[i])
                                .as("%s, row %d of a batch of %d", name, i, size)
                                .isCloseTo(alone[chosen.get(i)], LAST_BITS);
                    }
                }
            }
        }
    }

    @Test
    void neighbourInTheSameBucket_changesNoBit() throws Exception {
        Inputs row = Fixtures.rows(1, 9).get(0);
        for (String name : List.of("mlp", "lstm", "joined")) {
            try (LoadedModel model = LoadedModel.load(fixture(name), Fixtures.LIMITS);
                    Scorer scorer = model.newScorer()) {
                for (int size : new int[] {2, 8, 64}) {
                    List<Inputs> some = new ArrayList<>(Fixtures.rows(size, 1));
                    List<Inputs> others = new ArrayList<>(Fixtures.rows(size, 2));
                    some.set(size - 1, row);
                    others.set(size - 1, row);

                    assertThat(scorer.score(some)[size - 1]).isEqualTo(scorer.score(others)[size - 1]);
                }
            }
        }
    }

    @Test
    void nan_isReturned() throws Exception {
        float[] scores = score(
                Fixtures.dense(directory, "logarithm.pt"),
                List.of(Fixtures.row(1, 0, 0, 0), Fixtures.row(-1, 0, 0, 0), Fixtures.row(0, 0, 0, 0)));

        assertThat(scores).containsExactly(0f, Float.NaN, Float.NEGATIVE_INFINITY);
    }

    @Test
    void modelThatThrows_failsTheBatchAndScoresTheNext() throws Exception {
        try (LoadedModel model = LoadedModel.load(Fixtures.dense(directory, "picky.pt"), Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            assertThatExceptionOfType(ModelFailedException.class)
                    .isThrownBy(() -> scorer.score(List.of(Fixtures.row(101, 0, 0, 0), Fixtures.row(1, 0, 0, 0))))
                    .withMessageStartingWith("fixture@1 with a batch of 8: ")
                    .withMessageContaining("a value over 100");

            assertThat(scorer.score(List.of(Fixtures.row(1, 0, 0, 0)))).containsExactly(1f);
        }
    }

    @Test
    void exampleOfTheExportScript_loads() throws Exception {
        Path example = Path.of(Objects.requireNonNull(getClass().getResource("/torchscript/example"))
                .toURI());

        try (LoadedModel model = LoadedModel.load(example, ModelLimits.DEFAULT)) {
            assertThat(model.manifest().width()).isEqualTo(3);
        }
    }

    @Test
    void scorersOfSeveralThreads_agreeAndLeaveTheMachineToOthers() throws Exception {
        List<Inputs> rows = Fixtures.rows(64, 4);
        try (LoadedModel model = LoadedModel.load(fixture("joined"), Fixtures.LIMITS)) {
            ExecutorService threads = Executors.newFixedThreadPool(3);
            try {
                Callable<float[]> scoring = () -> {
                    try (Scorer scorer = model.newScorer()) {
                        float[] first = scorer.score(rows);
                        for (int i = 0; i < 50; i++) {
                            assertThat(scorer.score(rows)).isEqualTo(first);
                        }
                        assertThat(JniUtils.getNumThreads()).isEqualTo(1);
                        assertThat(JniUtils.isGradMode()).isFalse();
                        return first;
                    }
                };
                List<Future<float[]>> answers = threads.invokeAll(List.of(scoring, scoring, scoring));

                float[] first = answers.get(0).get();
                for (Future<float[]> answer : answers) {
                    assertThat(answer.get()).isEqualTo(first);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void openScorer_worksOnWhenItsModelIsClosed() throws Exception {
        LoadedModel model = LoadedModel.load(fixture("mlp"), Fixtures.LIMITS);
        try (Scorer scorer = model.newScorer()) {
            float[] before = scorer.score(Fixtures.rows(3, 1));
            model.close();

            assertThat(scorer.score(Fixtures.rows(3, 1))).isEqualTo(before);
            assertThatIllegalStateException().isThrownBy(model::newScorer).withMessage("fixture@1 is closed");
        }
    }

    @Test
    void batchThatDoesNotFit_isACallersMistake() throws Exception {
        try (LoadedModel model = LoadedModel.load(fixture("joined"), Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            assertThat(scorer.largestBatch()).isEqualTo(64);
            assertThatIllegalArgumentException().isThrownBy(() -> scorer.score(List.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scorer.score(Fixtures.rows(65, 1)))
                    .withMessage("a batch of 65 rows: expected 1 to 64");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scorer.score(List.of(Fixtures.row(1, 2, 3, 4))))
                    .withMessage("a row without a sequence: the model takes one");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scorer.score(List.of(Fixtures.row(new float[4], 7, new float[21]))))
                    .withMessage("7 steps in a row: expected at most 6");
        }
    }

    private Path fixture(String name) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        return switch (name) {
            case "lstm" -> Fixtures.sequence(folder, "lstm.pt");
            case "joined" -> Fixtures.joined(folder);
            default -> Fixtures.dense(folder, name + ".pt");
        };
    }

    private static float[] score(Path directory, List<Inputs> rows) throws Exception {
        try (LoadedModel model = LoadedModel.load(directory, Fixtures.LIMITS);
                Scorer scorer = model.newScorer()) {
            return scorer.score(rows);
        }
    }

    private static float[] floats(JsonNode array) {
        List<Float> values = new ArrayList<>();
        array.forEach(value -> {
            if (value.isArray()) {
                value.forEach(number -> values.add(number.floatValue()));
            } else {
                values.add(value.floatValue());
            }
        });
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
