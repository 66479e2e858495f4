package io.millrace.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.embedded.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @Test
    void refusesASecondHolder_untilTheFirstLetsGo(@TempDir Path folder) {
        DataFolder first = DataFolder.take(folder);

        assertThatThrownBy(() -> DataFolder.take(folder))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("already runs on " + folder)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        first.close();
        DataFolder.take(folder).close();
    }

    @Test
    void secretsStayTheSame_whenReadAgain(@TempDir Path folder) throws IOException {
        Secrets made = Secrets.of(folder);

        Secrets read = Secrets.of(folder);

        assertThat(read).isEqualTo(made);
        assertThat(read).asString().doesNotContain(made.writeKey());
        assertThat(mode(folder.resolve("secrets.json"))).isEqualTo("rw-------");
    }

    @Test
    void credentialsReadBack_whenWrittenTwice(@TempDir Path folder) throws IOException {
        Credentials credentials = new Credentials(
                "http://127.0.0.1:1",
                "wk",
                new Credentials.Tokens("p", "a", "o"),
                "127.0.0.1:2",
                "postgresql://u:p@127.0.0.1:3/millrace");
        credentials.write(folder);

        credentials.write(folder);

        assertThat(Credentials.read(folder)).isEqualTo(credentials);
        assertThat(mode(folder.resolve("credentials.json"))).isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void saysHowToGetCredentials_whenThereAreNone(@TempDir Path folder) {
        assertThatThrownBy(() -> Credentials.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("millrace run --data");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
