package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made by others; {@link RefusalTest} and {@link TorchScorerTest} do the same with our own where these are absent. */
final class OthersModelsTest {
    private static final Path OTHERS = Path.of(
                    Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../../shared/data"))
            .resolve("torchscript");

    private final Path directory;

    OthersModelsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void present() {
        assumeTrue(Files.isDirectory(OTHERS), "the models of others are not here");
    }

    @Test
    void identity_loadsAndGivesAColumnBack() throws Exception {
        Path model = model("djl_identity.pt", "output: {column: 2}\n");

        try (LoadedModel loaded = LoadedModel.load(model, Fixtures.LIMITS);
                Scorer scorer = loaded.newScorer()) {
            assertThat(scorer.score(List.of(Fixtures.row(1, 2, 3, 4), Fixtures.row(5, 6, 7, 8))))
                    .containsExactly(3, 7);
        }
    }

    @Test
    void moduleOfTwoTensors_isRefusedWhereTheManifestHasOne() throws Exception {
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(model("tchrs_foo1.pt"), Fixtures.LIMITS)
                        .close())
                .withMessageContaining("forward() is missing value for argument 'y'");
    }

    @Test
    void whatIsNoTorchScript_isRefused() throws Exception {
        for (String file : new String[] {"kserve_cifar_state_dict.pt", "triton_no_name_platform.pt", "mnist.onnx"}) {
            assertThatExceptionOfType(ModelRefusedException.class)
                    .as(file)
                    .isThrownBy(
                            () -> LoadedModel.load(model(file), Fixtures.LIMITS).close())
                    .withMessageStartingWith("fixture@1: artifact model.pt is no TorchScript file: ");
        }
    }

    @Test
    void modelOfTwoDevices_isRefused() throws Exception {
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> LoadedModel.load(model("triton_multi_devices.pt"), Fixtures.LIMITS)
                        .close())
                .withMessageStartingWith("trial of fixture@1 with a batch of 1: ");
    }

    private Path model(String file, String... parts) throws IOException {
        Path folder = Files.createTempDirectory(directory, "model");
        return Fixtures.dense(folder, Files.readAllBytes(OTHERS.resolve(file)), parts);
    }
}
