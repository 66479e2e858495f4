package io.millrace.processor.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.identity.Sha256;
import io.millrace.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads event files, gzip or not, line by line: what replay posts and training learns from is the same. */
public final class EventFiles {
    private EventFiles() {}

    /**
     * Opens a file. The stream reads as it goes; close it.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it has a header without a column that its format needs
     */
    public static Stream<FileLine> open(Path file, FileFormat format) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(unpacked(file), StandardCharsets.UTF_8));
        try {
            EventFiles.Lines lines = new Lines(reader, format, file);
            return Stream.iterate(lines.next(), Objects::nonNull, previous -> lines.next())
                    .map(Objects::requireNonNull)
                    .onClose(() -> close(reader));
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private static InputStream unpacked(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's place. */
    private static final class Lines {
        private final BufferedReader reader;
        private final FileFormat format;
        private final @Nullable CsvMap csv;
        private long number;

        Lines(BufferedReader reader, FileFormat format, Path file) throws IOException {
            this.reader = reader;
            this.format = format;
            csv = switch (format) {
                case NDJSON -> null;
                case TAOBAO -> new CsvMap(format, CsvMap.TAOBAO_COLUMNS);
                case REES46, RETAILROCKET, UCI_ONLINE_RETAIL -> new CsvMap(format, header(file));
            };
        }

        private List<String> header(Path file) throws IOException {
            number++;
            String line = reader.readLine();
            List<String> found = Csv.split(line == null ? "" : line);
            if (!found.containsAll(CsvMap.needed(format))) {
                throw new IllegalArgumentException(file + " is no " + format.text() + " file: its header has " + found
                        + ", expected " + CsvMap.needed(format));
            }
            return found;
        }

        @Nullable
        FileLine next() {
            try {
                String text = reader.readLine();
                while (text != null && text.isBlank()) {
                    number++;
                    text = reader.readLine();
                }
                number++;
                return text == null ? null : read(text);
            } catch (IOException e) {
                throw new UncheckedIOException("after line " + number, e);
            }
        }

        private FileLine read(String text) {
            try {
                ObjectNode body = csv == null ? object(text) : csv.body(Csv.split(text));
                if (!body.hasNonNull("id")) {
                    String hash =
                            Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
                    body.put("id", format.text() + "-" + number + "-" + hash.substring(0, 12));
                }
                return new FileEvent(number, JsonObject.of(body.toString()));
            } catch (JsonProcessingException e) {
                return new UnreadableLine(number, "no JSON: " + e.getOriginalMessage());
            } catch (DateTimeException | IllegalArgumentException e) {
                return new UnreadableLine(number, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        }

        private static ObjectNode object(String text) throws JsonProcessingException {
            JsonNode node = FileEvent.JSON.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("no JSON object");
        }
    }
}
