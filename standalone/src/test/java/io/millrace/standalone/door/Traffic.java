package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A request of a producer that is not run here, recorded or written by its sources, and what it has to be answered and to
 * become: lines before the request say so.
 *
 * <ul>
 *   <li>{@code # status: 200}
 *   <li>{@code # body: gzip chunked base64}, of which each is left out where it is not so; base64 is how it stands here
 *   <li>{@code # answer: words} of the answer, its head included, in any case of letters
 *   <li>{@code # event: id | kind | name | userId | anonymousId | time}
 * </ul>
 */
final class Traffic {
    private static final Path FILES = Path.of("src/test/resources/traffic");
    private static final int PATIENCE_MILLIS = 60_000;

    private final List<String> told;
    private final String request;

    private Traffic(List<String> told, String request) {
        this.told = told;
        this.request = request;
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }

    static Traffic read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int comments =
                (int) lines.stream().takeWhile(line -> line.startsWith("# ")).count();
        return new Traffic(lines.subList(0, comments), String.join("\n", lines.subList(comments, lines.size())));
    }

    private List<String> told(String key) {
        String start = "# " + key + ": ";
        return told.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    /** Sends it, and holds the answer to what is told. */
    void send(DoorStage stage) throws IOException {
        String answer = exchange(stage);

        assertThat(answer).startsWith("HTTP/1.1 " + told("status").get(0) + " ");
        told("answer").forEach(words -> assertThat(answer).containsIgnoringCase(words));
    }

    private String exchange(DoorStage stage) throws IOException {
        String[] parts = (filled(request).strip() + "\n\n").split("\n\n", 2);
        List<String> head = new ArrayList<>(List.of(parts[0].split("\n", -1)));
        byte[] body = body(parts[1].strip());
        boolean isChunked = String.join("", told("body")).contains("chunked");
        head.removeIf(line -> line.startsWith("Connection:") || line.startsWith("Expect:"));
        head.addAll(List.of("Host: 127.0.0.1", "Connection: close"));
        head.add(isChunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        sent.writeBytes(isChunked ? chunks(body) : body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.ingest.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(sent.toByteArray());
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String filled(String text) {
        return text.replace("{key}", DoorStage.WRITE_KEY).replace("{basic}", DoorStage.BASIC);
    }

    private byte[] body(String text) throws IOException {
        String how = String.join("", told("body"));
        byte[] plain =
                how.contains("base64") ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8);
        return how.contains("gzip") ? DoorStage.gzip(new ByteArrayInputStream(plain)) : plain;
    }

    private static byte[] chunks(byte[] body) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        int half = body.length / 2;
        for (byte[] part : List.of(Arrays.copyOf(body, half), Arrays.copyOfRange(body, half, body.length))) {
            chunks.writeBytes((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(part);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunks.toByteArray();
    }

    /** Holds what is on the topic to what is told. */
    void assertEvents(Map<String, Event> events) {
        for (String line : told("event")) {
            // A bar without a space is a part of an id of CloudEvents.
            String[] cells = line.split(" \\|(?= )", -1);
            Event event = UserEvents.of(events, cells[0].strip());
            assertThat(Stream.of(
                                    event.kind().text(),
                                    event.name(),
                                    event.userId(),
                                    event.anonymousId(),
                                    event.times().event().toString())
                            .map(cell -> cell == null ? "" : cell))
                    .as(line)
                    .containsExactly(
                            Arrays.stream(cells).skip(1).map(String::strip).toArray(String[]::new));
        }
    }
}
