package io.millrace.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.processor.topology.Guarantee;
import io.millrace.processor.topology.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    private final Path folder;

    StateDirectoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void name_isKept() throws IOException {
        String first = StateDirectory.claim(settings("")).instanceId();

        assertThat(first).startsWith("processor-");
        assertThat(StateDirectory.claim(settings("")).instanceId()).isEqualTo(first);
    }

    @Test
    void name_isTheConfiguredOne_whenThereIsOne() throws IOException {
        assertThat(StateDirectory.claim(settings("mine")).instanceId()).isEqualTo("mine");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "pro\u0000cessor", "zwei Wörter"})
    void name_isMadeAnew_whenTheFileHoldsNone(String damaged) throws IOException {
        Files.writeString(folder.resolve("instance-id"), damaged);

        String name = StateDirectory.claim(settings("")).instanceId();

        assertThat(name).matches("processor-[0-9a-f-]{36}");
        assertThat(StateDirectory.claim(settings("")).instanceId()).isEqualTo(name);
    }

    private StreamsSettings settings(String name) {
        return new StreamsSettings(
                "localhost:1", "app", name, folder, 1, Guarantee.EXACTLY_ONCE, Duration.ofMillis(50), 0, 1);
    }
}
