package io.millrace.processor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.Folds;
import io.millrace.processor.train.example.ShopCsv;
import io.millrace.processor.train.measure.Measure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training program, whole, on synthetic shoppers: those who add to the cart buy more often. */
final class TrainMainTest {
    private final Path folder;

    TrainMainTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void training_writesAModelThatServesAndACardThatIsTrue() throws Exception {
        Path config = config();
        Path directory = folder.resolve("model");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            TrainMain.Trained trained = TrainMain.train(config, TrainMain.Options.ofFiles(folder), print);
            assertThat(trained.refusal()).isNull();
            trained.write(directory);
        }

        ModelFiles files = ModelFiles.read(directory, ModelLimits.DEFAULT);
        Folds folds = TrainMain.folds(TrainConfig.read(config), folder);
        Measure measure = Judgement.measure(Judgement.score(files, folds.test()), folds.test());
        assertThat(measure.rocAuc(measure.once()))
                .isEqualTo(files.manifest().provenance().metrics().get("rocAuc"))
                .isGreaterThan(0.7);
        assertThat(Files.readString(directory.resolve(ModelCard.FILE_NAME)))
                .contains("| logistic regression | ")
                .contains("| prior rate | 0.5000 (0.5000 to 0.5000)");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("network, part 1 of 2: epoch 1 of at most 8");
    }

    @Test
    void sameConfigurationTwice_givesTheSameFiles() throws Exception {
        Path config = config();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);

        for (String name : new String[] {"first", "second"}) {
            TrainMain.train(config, TrainMain.Options.ofFiles(folder), nowhere).write(folder.resolve(name));
        }

        for (String file : new String[] {Manifest.FILE_NAME, TrainConfig.ARTIFACT, ModelCard.FILE_NAME}) {
            assertThat(folder.resolve("second").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("first").resolve(file));
        }
    }

    @Test
    void dataThatTeachNothing_areRefusedWithWhatWasFoundInThem() throws IOException {
        String shipped = Files.readString(config());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(shipped.replaceAll("selects: .*", "selects: {events: [looked]}")))
                .withMessageContaining("2,400 events of 40 users, 2020-01-01T00:00:00Z to 2020-01-01T01:59:57Z: ")
                .withMessageContaining("product_viewed 2,2")
                .withMessageEndingWith("expected some of [looked], which model.selects names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(shipped.replaceAll("within: \\w+", "within: 3h")))
                .withMessageEndingWith(
                        "more than model.outcome.within (3 hours) before the last, so that their outcome is"
                                + " known");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> train(shipped.replaceAll("events: \\[order_completed\\], within", "events: [x], within")))
                .withMessageContaining("(0 positive)")
                .withMessageContaining("expected positive and negative ones in each");
        Files.writeString(folder.resolve("events.csv"), "no header\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(shipped))
                .withMessageContaining("is no rees46 file: its header has [no header]");
    }

    private void train(String config) throws Exception {
        TrainMain.train(
                Files.writeString(folder.resolve("train.yaml"), config),
                TrainMain.Options.ofFiles(folder),
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8));
    }

    private Path config() throws IOException {
        Files.writeString(folder.resolve("events.csv"), ShopCsv.of(7200, 0));
        String shipped = Files.readString(Path.of("models/purchase-intent/train.yaml"));
        return Files.writeString(
                folder.resolve("train.yaml"),
                shipped.replaceAll("files: .*", "files: [events.csv]")
                        .replaceAll("parts: \\d+", "parts: 2")
                        .replaceAll("epochs: \\d+", "epochs: 8")
                        .replaceAll("learningRate: .*", "learningRate: 0.03")
                        .replaceAll("hidden: .*", "hidden: [4]"));
    }
}
