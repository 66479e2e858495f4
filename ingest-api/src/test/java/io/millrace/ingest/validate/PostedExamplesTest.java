package io.millrace.ingest.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract's examples of posted bodies, read by the real reader: a file's name begins with the code it is refused for. */
class PostedExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "schemas", "examples", "publish");
    private static final Source SOURCE = new Source("web");
    /** The examples' own time: what lies in the future of it is refused. */
    private static final Instant RECEIVED = Instant.parse("2026-01-31T12:00:00Z");

    private final EventReader reader =
            new EventReader(new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24)));

    static Stream<Path> valid() throws IOException {
        return files("valid");
    }

    static Stream<Path> invalid() throws IOException {
        return files("invalid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesEveryEvent_whenBodyIsValid(Path file) throws Exception {
        Batch batch = read(file);

        assertThat(batch.posted()).isNotEmpty().hasOnlyElementsOfType(Posted.Valid.class);
        for (Posted posted : batch.posted()) {
            Event event = ((Posted.Valid) posted).event();
            assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWithTheCodeOfTheFilesName_whenBodyIsInvalid(Path file) throws Exception {
        String name = file.getFileName().toString();

        Batch batch = read(file);

        List<String> codes = batch.posted().stream()
                .filter(Posted.Invalid.class::isInstance)
                .map(posted -> ((Posted.Invalid) posted).refusal().reason().code())
                .distinct()
                .toList();
        assertThat(codes).containsExactly(name.substring(0, name.indexOf('-')));
    }

    private Batch read(Path file) throws IOException {
        Framing framing = file.toString().endsWith(".ndjson") ? Framing.NDJSON : Framing.JSON;
        return reader.read(Files.readAllBytes(file), framing, SOURCE, RECEIVED);
    }

    private static Stream<Path> files(String verdict) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(verdict))) {
            return files.sorted().toList().stream();
        }
    }
}
