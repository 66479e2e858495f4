package io.millrace.standalone.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSearchTest {
    private static final String ONE = "1".repeat(32);
    private static final String TWO = "2".repeat(32);

    private Path folder;

    @BeforeEach
    void write(@TempDir Path given) throws IOException {
        folder = given;
        // As docker compose prints it.
        Files.writeString(
                folder.resolve("ingest.log"),
                "ingest-api-1  | " + line("10:00:00", "ingest-api", ONE, null) + "\n"
                        + "ingest-api-1  | Listening\n"
                        + line("10:00:01", "ingest-api", ONE, "\"e1\"") + "\n"
                        + line("10:00:02", "ingest-api", ONE, "\"e2\"") + "\n"
                        + line("10:00:03", "ingest-api", TWO, "\"e3\"") + "\n{\"timestamp\":\"2026-");
        Path rolled = Files.createDirectories(folder.resolve("processor")).resolve("old.2026-01-01.0.log.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(rolled))) {
            out.write((line("09:59:59", "stream-processor", ONE, "\"e1\"") + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(folder.resolve("notes.txt"), line("10:00:00", "other", ONE, null));
    }

    private static String line(String time, String service, String trace, @Nullable String event) {
        return "{\"timestamp\":\"2026-01-01T" + time + "Z\",\"level\":\"INFO\",\"service\":\"" + service
                + "\",\"trace_id\":\"" + trace + "\",\"span_id\":null,\"message\":\"m\",\"context\":{\"event_id\":"
                + event + "}}";
    }

    @Test
    void findsATraceInAllFiles_byTime() throws IOException {
        List<Told> told = new LogSearch(List.of(folder)).about(ONE);

        assertThat(told)
                .extracting(Told::service)
                .containsExactly("stream-processor", "ingest-api", "ingest-api", "ingest-api");
        assertThat(told).extracting(Told::trace).containsOnly(ONE);
    }

    @Test
    void findsAnEvent_withWhatItsTraceTellsOfNoOther() throws IOException {
        List<Told> told = new LogSearch(List.of(folder)).about("e1");

        assertThat(told).extracting(Told::event).containsExactly("e1", "", "e1");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> new LogSearch(List.of(folder.resolve("nowhere"))))
                .hasMessageContaining("nowhere")
                .hasMessageContaining("expected");
    }
}
