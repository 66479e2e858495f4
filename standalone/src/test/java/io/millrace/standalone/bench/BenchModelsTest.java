package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.Manifest;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchModelsTest {
    @ParameterizedTest
    @EnumSource
    void writesOneModelThatLoads(Variant.Scorer scorer, @TempDir Path folder) throws Exception {
        BenchModels models = new BenchModels(folder, null);

        try (LoadedModel loaded = LoadedModel.load(only(models.folder(scorer)), ModelLimits.DEFAULT)) {
            assertThat(loaded.manifest().network()).isNotNull();
        }
    }

    @Test
    void scoresWithTwoHiddenLayers_whenNothingElseIsGiven(@TempDir Path folder) throws Exception {
        Manifest manifest = new BenchModels(folder, null).manifest();

        assertThat(Objects.requireNonNull(manifest.network()).hidden()).containsExactly(64, 32);
    }

    @Test
    void drawsTheSameWeightsEachTime(@TempDir Path folder) throws Exception {
        Path first = new BenchModels(folder.resolve("a"), null).folder(Variant.Scorer.DENSE);
        Path second = new BenchModels(folder.resolve("b"), null).folder(Variant.Scorer.DENSE);

        assertThat(only(first).artifact()).isEqualTo(only(second).artifact());
    }

    @Test
    void endsWithASentence_whenTheModelGivenIsNone(@TempDir Path folder) {
        assertThatThrownBy(() -> new BenchModels(folder, folder.resolve("nothing")))
                .isInstanceOf(BenchFailedException.class)
                .hasMessageContaining("has no model.yaml");
    }

    private static ModelFiles only(Path folder) throws Exception {
        try (Stream<Path> models = Files.list(folder)) {
            List<Path> all = models.toList();
            assertThat(all).hasSize(1);
            return ModelFiles.read(all.get(0), ModelLimits.DEFAULT);
        }
    }
}
