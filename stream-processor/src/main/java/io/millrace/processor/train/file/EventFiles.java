package io.millrace.processor.train.file;

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
    public static Stream<FileLine> open(Path file, FileShape shape) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(Unpacked.open(file), StandardCharsets.UTF_8));
        try {
            EventFiles.Lines lines = new Lines(reader, shape, file);
            return Stream.iterate(lines.next(), Objects::nonNull, previous -> lines.next())
                    .map(Objects::requireNonNull)
                    .onClose(() -> close(reader));
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** Opens a file of a format that says itself what an event is. */
    public static Stream<FileLine> open(Path file, FileFormat format) throws IOException {
        return open(file, FileShape.of(format));
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
        /** A value with line breaks is not longer; a quote that nobody closed does not take the whole file. */
        private static final int LONGEST_ROW = 1 << 20;

        private final BufferedReader reader;
        private final FileFormat format;
        private final @Nullable ColumnMap map;
        private final List<String> header;
        private Csv csv = Csv.COMMAS;
        private long number;
        /** The line after an order's last, which had to be read to know that the order is over. */
        private @Nullable String ahead;

        Lines(BufferedReader reader, FileShape shape, Path file) throws IOException {
            this.reader = reader;
            format = shape.format();
            Columns columns = shape.columns();
            map = columns == null ? null : new ColumnMap(columns);
            header = switch (format) {
                case NDJSON, WIKIPEDIA_EDITS -> List.of();
                case TAOBAO -> CsvMap.TAOBAO_COLUMNS;
                case CSV -> header(file, Objects.requireNonNull(columns));
                case REES46, RETAILROCKET, UCI_ONLINE_RETAIL, UCI_ONLINE_RETAIL_ORDERS, GLOBO_CLICKS, TABLE ->
                    header(file, CsvMap.needed(format), firstLine());
            };
        }

        private String firstLine() throws IOException {
            String line = reader.readLine();
            number++;
            // Spreadsheets write a byte order mark.
            return line == null ? "" : line.startsWith("\uFEFF") ? line.substring(1) : line;
        }

        private List<String> header(Path file, Columns columns) throws IOException {
            String first = firstLine();
            if (columns.header() != null) {
                csv = Csv.of(first);
                ahead = first;
                number--;
                return columns.header();
            }
            return header(file, columns.needed(), first);
        }

        private List<String> header(Path file, List<String> needed, String first) {
            csv = format == FileFormat.CSV || format == FileFormat.TABLE ? Csv.of(first) : csv;
            List<String> found = csv.split(first).stream().map(String::strip).toList();
            if (!found.containsAll(needed)) {
                throw new IllegalArgumentException(
                        file + " is no " + format.text() + " file: its header has " + found + ", expected " + needed);
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
            return format == FileFormat.CSV ? row(text) : text;
        }

        /** The line, and those after it as long as a value goes on over the line's end. */
        private String row(String first) throws IOException {
            StringBuilder row = new StringBuilder(first);
            while (Csv.isOpen(row.toString()) && row.length() < LONGEST_ROW) {
                String next = reader.readLine();
                if (next == null) {
                    break;
                }
                number++;
                row.append('\n').append(next);
            }
            return row.toString();
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
            return switch (format) {
                case NDJSON -> map == null ? object(text) : map.ofObject(object(text));
                case WIKIPEDIA_EDITS -> EditMap.body(object(text));
                case CSV -> Objects.requireNonNull(map).ofRow(header, csv.split(text));
                default -> CsvMap.body(format, header, csv.split(text), number);
            };
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
