package io.millrace.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final String URL = "http://127.0.0.1:8080";

    @Test
    void isKeptPerFileAndDoor(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("events"), "1\n2\n3\n");
        Checkpoint checkpoint = new Checkpoint(folder.resolve("kept"), URL, file);

        checkpoint.write(2);

        assertThat(new Checkpoint(folder.resolve("kept"), URL, file).read()).isEqualTo(2);
        assertThat(new Checkpoint(folder.resolve("kept"), URL + "1", file).read())
                .isZero();
        checkpoint.delete();
        assertThat(new Checkpoint(folder.resolve("kept"), URL, file).read()).isZero();
    }

    @Test
    void countsForNothing_whenTheFileChanged(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("events"), "1\n2\n3\n");
        new Checkpoint(folder.resolve("kept"), URL, file).write(2);

        Files.writeString(file, "another\n");

        assertThat(new Checkpoint(folder.resolve("kept"), URL, file).read()).isZero();
    }

    @Test
    void linesAreCounted_gzipOrNot(@TempDir Path folder) throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "1\n2\n3");
        Path packed = folder.resolve("packed");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(new byte[] {'1', '\n', '2', '\n'});
        }

        assertThat(LineCount.of(plain)).isEqualTo(3);
        assertThat(LineCount.of(packed)).isEqualTo(2);
        assertThat(LineCount.of(Files.createFile(folder.resolve("empty")))).isZero();
    }
}
