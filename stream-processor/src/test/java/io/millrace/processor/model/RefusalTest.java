package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.model.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way a model can be wrong has its sentence. */
final class RefusalTest {
    private final Path directory;

    RefusalTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void refused_whenThereIsNoManifest() {
        assertThat(refusal(directory)).endsWith("has no model.yaml");
    }

    @Test
    void refused_whenSha256IsMissing() throws IOException {
        Path manifest = Fixtures.dense(directory, "mlp.pt").resolve(Manifest.FILE_NAME);
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("sha256: .*\n", ""));

        assertThat(refusal(directory)).contains("model.yaml: ", "sha256");
    }

    @Test
    void refused_whenSha256IsAnothers() throws IOException {
        Fixtures.dense(directory, "mlp.pt");
        Files.write(directory.resolve("model.pt"), Fixtures.bytes("crash.pt"));

        assertThat(refusal(directory))
                .startsWith("fixture@1: artifact model.pt has sha256 ")
                .contains(", expected ");
    }

    @Test
    void refused_whenTheArtifactIsMissing() throws IOException {
        Files.delete(Fixtures.dense(directory, "mlp.pt").resolve("model.pt"));

        assertThat(refusal(directory)).startsWith("fixture@1: artifact ").endsWith("model.pt is missing");
    }

    @Test
    void refused_whenTooBig() {
        ModelLimits small = new ModelLimits(1000, Duration.ofSeconds(20), List.of(1));

        assertThat(refusal(Fixtures.dense(directory, "mlp.pt"), small))
                .endsWith("model.pt is too big: " + Fixtures.bytes("mlp.pt").length + " bytes, expected at most 1000");
    }

    @Test
    void refused_whenItIsNoTorchScript() {
        byte[] text = "not a model".getBytes(StandardCharsets.UTF_8);

        assertThat(refusal(Fixtures.write(directory, text, "features: [{type: property, name: f, property: f}]\n")))
                .startsWith("fixture@1: artifact model.pt is no TorchScript file: ");
    }

    @Test
    void refused_whenItTakesAnotherWidth() {
        Path narrow = Fixtures.write(
                directory, Fixtures.bytes("mlp.pt"), "features: [{type: property, name: f, property: f}]\n");

        assertThat(refusal(narrow))
                .startsWith("trial of fixture@1 with a batch of 1: ")
                .contains("shapes cannot be multiplied (1x1 and 4x16)");
    }

    @Test
    void refused_whenItAnswersAnotherTypeOrShape() {
        assertThat(refusal(Fixtures.dense(directory, "whole.pt")))
                .isEqualTo("trial of fixture@1 with a batch of 1: it answered int64, expected float32");
        assertThat(refusal(Fixtures.dense(directory, "single.pt")))
                .isEqualTo("trial of fixture@1 with a batch of 1: it answered shape (), expected (1) or (1, columns)");
        assertThat(refusal(Fixtures.dense(directory, "pair.pt")))
                .isEqualTo("trial of fixture@1 with a batch of 1: it answered 2 tensors, expected one");
    }

    @Test
    void refused_whenTheColumnIsNotThere() {
        Path path = Fixtures.write(
                directory,
                Fixtures.bytes("lstm.pt"),
                "sequence: {length: 6, features: [{type: property, name: a, property: a},"
                        + " {type: property, name: b, property: b}, {type: property, name: c, property: c}]}\n",
                "output: {column: 1}\n");

        assertThat(refusal(path))
                .isEqualTo("trial of fixture@1 with a batch of 1: it answered shape (1, 1), expected a column 1");
    }

    @Test
    void refused_whenItCrashes() {
        assertThat(refusal(Fixtures.dense(directory, "crash.pt")))
                .startsWith("trial of fixture@1 with a batch of 1: ")
                .contains("it always crashes");
    }

    @Test
    void refused_whenItHangs() throws Exception {
        ModelLimits impatient = new ModelLimits(1 << 20, Duration.ofMillis(300), List.of(1));
        ModelFiles files = ModelFiles.read(Fixtures.dense(directory, "endless.pt"), impatient);

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> TrialProcess.check(files, impatient))
                .withMessage("fixture@1: trial did not end within PT0.3S");
    }

    @Test
    void trialProcess_tellsTheSameSentences() throws Exception {
        Path good = Fixtures.dense(Files.createDirectory(directory.resolve("good")), "mlp.pt");
        Path bad = Fixtures.dense(Files.createDirectory(directory.resolve("bad")), "pair.pt");

        TrialProcess.check(ModelFiles.read(good, Fixtures.LIMITS), Fixtures.LIMITS);
        ModelFiles files = ModelFiles.read(bad, Fixtures.LIMITS);
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> TrialProcess.check(files, Fixtures.LIMITS))
                .withMessage(refusal(bad));
    }

    private static String refusal(Path directory) {
        return refusal(directory, Fixtures.LIMITS);
    }

    private static String refusal(Path directory, ModelLimits limits) {
        ModelRefusedException refused = assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(directory, limits).close())
                .actual();
        String sentence = String.valueOf(refused.getMessage());
        assertThat(sentence).doesNotContain("\n");
        return sentence;
    }
}
