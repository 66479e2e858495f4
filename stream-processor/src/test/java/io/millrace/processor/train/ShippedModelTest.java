package io.millrace.processor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.model.Manifest;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.Folds;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The models that Millrace ships are what their cards say. */
final class ShippedModelTest {
    private static final Path FOLDER = Path.of("models");

    @ParameterizedTest
    @CsvSource({"purchase-intent, REES46", "return-within-30-days, CC BY 4.0", "automation, Apache Druid"})
    void shipped_loadsFromTheClassPathAndNamesWhoseTheDataAre(String name, String owner) throws Exception {
        try (LoadedModel model = LoadedModel.load(ModelFiles.shipped(name), ModelLimits.DEFAULT)) {
            assertThat(model.manifest().model()).hasToString(name + "@1");
            assertThat(model.manifest().provenance().attribution()).contains(owner);
            assertThat(model.manifest().outcome()).isNotNull();
        }
        assertThat(ModelFiles.shippedNames()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"purchase-intent", "return-within-30-days", "automation"})
    void card_tellsTheFiguresOfTheManifest(String name) throws Exception {
        Map<String, Double> metrics =
                ModelFiles.shipped(name).manifest().provenance().metrics();

        assertThat(Files.readString(FOLDER.resolve(name).resolve(ModelCard.FILE_NAME)))
                .contains(new Interval(
                                metrics.getOrDefault("rocAuc", 0.0),
                                metrics.getOrDefault("rocAucLow", 0.0),
                                metrics.getOrDefault("rocAucHigh", 0.0))
                        .toString());
    }

    /** {@link TrainMainTest} does the same on synthetic shoppers, wherever the tests run. */
    @ParameterizedTest
    @ValueSource(strings = {"purchase-intent", "return-within-30-days", "automation"})
    void figures_areThoseOfTheEvaluation(String name) throws Exception {
        Path data = Path.of(Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../../shared/data"));
        TrainConfig config = TrainConfig.read(FOLDER.resolve(name).resolve("train.yaml"));
        assumeTrue(Files.isRegularFile(data.resolve(config.data().files().get(0))), "the events are not here");
        ModelFiles files = ModelFiles.shipped(name);
        Manifest manifest = files.manifest();
        assertThat(manifest.features()).isEqualTo(config.manifest().features());

        Folds folds = TrainMain.folds(config, data);
        Measure measure = Judgement.measure(Judgement.score(files, folds.test()), folds.test());

        Map<String, Double> metrics = manifest.provenance().metrics();
        int[] once = measure.once();
        assertThat(measure.rocAuc(once)).isCloseTo(metrics.getOrDefault("rocAuc", 0.0), within(1e-4));
        assertThat(measure.prAuc(once)).isCloseTo(metrics.getOrDefault("prAuc", 0.0), within(1e-4));
        assertThat(measure.logLoss(once)).isCloseTo(metrics.getOrDefault("logLoss", 0.0), within(1e-4));
    }
}
