package io.millrace.processor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.model.Manifest;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The model that Millrace ships is what its card says. */
final class ShippedModelTest {
    private static final Path FOLDER = Path.of("models/purchase-intent");

    @Test
    void purchaseIntent_loadsFromTheClassPath() throws Exception {
        try (LoadedModel model =
                LoadedModel.load(ModelFiles.shipped(ModelFiles.PURCHASE_INTENT), ModelLimits.DEFAULT)) {
            assertThat(model.manifest().model()).hasToString("purchase-intent@1");
            assertThat(model.manifest().provenance().attribution()).contains("REES46");
        }
    }

    @Test
    void card_tellsTheFiguresOfTheManifest() throws Exception {
        Map<String, Double> metrics = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT)
                .manifest()
                .provenance()
                .metrics();

        assertThat(Files.readString(FOLDER.resolve(ModelCard.FILE_NAME)))
                .contains(new Interval(
                                metrics.getOrDefault("rocAuc", 0.0),
                                metrics.getOrDefault("rocAucLow", 0.0),
                                metrics.getOrDefault("rocAucHigh", 0.0))
                        .toString());
    }

    /** {@link TrainMainTest} does the same on synthetic shoppers, wherever the tests run. */
    @Test
    void figures_areThoseOfTheEvaluation() throws Exception {
        Path data = Path.of(Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../../shared/data"));
        TrainConfig config = TrainConfig.read(FOLDER.resolve("train.yaml"));
        assumeTrue(Files.isRegularFile(data.resolve(config.data().files().get(0))), "the shop's events are not here");
        ModelFiles files = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
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
