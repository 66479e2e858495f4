package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.Key;
import io.millrace.config.SharedKeys;
import io.millrace.ingest.IngestKeys;
import io.millrace.log.LogKeys;
import io.millrace.processor.ProcessorKeys;
import io.millrace.standalone.run.StandaloneKeys;
import io.millrace.trace.TraceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/configuration.md is written from the keys: {@code MILLRACE_WRITE_DOCS=true mvn -pl standalone -am test
 * -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false} writes it, and otherwise the test holds it.
 */
class ConfigurationDocTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- written from the keys -->\n";

    @Test
    void listsEveryKeyOnce() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String expected = head + tables();

        if ("true".equals(System.getenv("MILLRACE_WRITE_DOCS"))) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private static String tables() {
        List<Key<?>> shared = Stream.of(SharedKeys.ALL, LogKeys.ALL, TraceKeys.ALL)
                .<Key<?>>flatMap(List::stream)
                .toList();
        return table("Shared by ingest-api and stream-processor", shared.stream())
                + table("ingest-api", IngestKeys.ALL.stream().filter(key -> !shared.contains(key)))
                + table("stream-processor", ProcessorKeys.ALL.stream().filter(key -> !shared.contains(key)))
                + table("standalone (`./scripts/run`) alone", StandaloneKeys.ALL.stream());
    }

    private static String table(String title, Stream<? extends Key<?>> keys) {
        StringBuilder table = new StringBuilder("\n## ")
                .append(title)
                .append("\n\n| key | default | expected | what it is |\n|---|---|---|---|\n");
        keys.forEach(key -> table.append("| `")
                .append(key.path())
                .append("` | ")
                .append(key.fallback().isEmpty() ? "none" : "`" + key.fallback() + "`")
                .append(" | ")
                .append(key.expected())
                .append(" | ")
                .append(key.doc())
                .append(key.secret() ? " Secret: never shown." : "")
                .append(" |\n"));
        return table.toString();
    }
}
