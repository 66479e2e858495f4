package io.millrace.processor.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.identity.Sha256;
import io.millrace.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads event files, packed by gzip or zstd or not, line by line: what replay posts and training learns from is the same. */
public final class EventFiles {
    private EventFiles() {}

    /**
     * Opens a file. The stream reads as it goes; close it.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it has a header without a column that its format needs
     */
    public static Stream<FileLine> open(Path file, FileFormat format) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(Unpacked.open(file), StandardCharsets.UTF_8));
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
        /** The line after an order's last, which had to be read to know that the order is over. */
        private @Nullable String ahead;

        Lines(BufferedReader reader, FileFormat format, Path file) throws IOException {
            this.reader = reader;
            this.format = format;
            csv = switch (format) {
                case NDJSON, WIKIPEDIA_EDITS -> null;
                case TAOBAO -> new CsvMap(format, CsvMap.TAOBAO_COLUMNS);
                case REES46, RETAILROCKET, UCI_ONLINE_RETAIL, UCI_ONLINE_RETAIL_ORDERS, GLOBO_CLICKS, TABLE ->
                    new CsvMap(format, header(file));
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
                String text = line();
                return text == null ? null : read(text);
            } catch (IOException e) {
                throw new UncheckedIOException("after line " + number, e);
            }
        }

        /** The next line that is not blank; {@code number} is then its own. */
        private @Nullable String line() throws IOException {
            String text = ahead;
            ahead = null;
            number += text == null ? 0 : 1;
            while (text == null || text.isBlank()) {
                text = reader.readLine();
                if (text == null) {
                    return null;
                }
                number++;
            }
            return text;
        }

        private FileLine read(String text) throws IOException {
            try {
                ObjectNode body = body(text);
                if (format == FileFormat.UCI_ONLINE_RETAIL_ORDERS) {
                    body = order(body);
                }
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

        private ObjectNode body(String text) throws JsonProcessingException {
            if (csv != null) {
                return csv.body(Csv.split(text), number);
            }
            ObjectNode object = object(text);
            return format == FileFormat.WIKIPEDIA_EDITS ? EditMap.body(object) : object;
        }

        /** Reads on to the end of the order; {@code number} is then its last line's. A line that is none ends it too. */
        private ObjectNode order(ObjectNode first) throws IOException {
            Orders order = new Orders(first);
            for (String text = line(); text != null; text = line()) {
                Optional<ObjectNode> next = lineOf(order, text);
                if (next.isEmpty()) {
                    ahead = text;
                    number--;
                    break;
                }
                order.add(next.get());
            }
            return order.body();
        }

        private Optional<ObjectNode> lineOf(Orders order, String text) throws JsonProcessingException {
            try {
                return Optional.of(body(text)).filter(order::has);
            } catch (DateTimeException | IllegalArgumentException e) {
                return Optional.empty();
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
