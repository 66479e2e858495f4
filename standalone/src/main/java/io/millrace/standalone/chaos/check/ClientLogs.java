package io.millrace.standalone.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what clients wrote down: a file each, a line before a request is sent for the first time and one after each answer.
 *
 * <pre>
 * {"request":17,"events":[["c1-330","user-7","product_viewed"],…]}
 * {"request":17,"status":503}
 * {"request":17,"status":202,"eventIds":["c1-330",…]}
 * </pre>
 *
 * Status 0 is no answer. A client has one request under way at a time, and each user's events are one client's.
 */
final class ClientLogs {
    static final String SUFFIX = ".ndjson";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ClientLogs() {}

    static void read(Path folder, History history) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            readOne(file, history);
        }
    }

    private static void readOne(Path file, History history) throws IOException {
        List<Fate> request = List.of();
        int attempts = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                Optional<JsonNode> line = parse(text);
                if (line.isEmpty()) {
                    break; // the client was cut off in the midst of its last line
                }
                if (line.get().has("events")) {
                    request = events(line.get());
                    request.forEach(history::sent);
                    history.request();
                    attempts = 0;
                    continue;
                }
                history.attempt();
                attempts++;
                answer(line.get(), request, attempts, history);
            }
        }
    }

    private static Optional<JsonNode> parse(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Fate> events(JsonNode line) {
        long request = line.path("request").asLong();
        List<Fate> events = new ArrayList<>();
        for (JsonNode event : line.path("events")) {
            events.add(new Fate(
                    event.path(0).asText(),
                    event.path(1).asText().intern(),
                    event.path(2).asText().intern(),
                    request,
                    events.size()));
        }
        return events;
    }

    private static void answer(JsonNode line, List<Fate> request, int attempts, History history) {
        int status = line.path("status").asInt();
        if (status < 200 || status > 299) {
            request.forEach(event -> event.retried = true);
            return;
        }
        if (attempts > 1) {
            request.forEach(event -> event.retried = true);
        }
        for (JsonNode id : line.path("eventIds")) {
            Fate event = history.event(id.asText());
            if (event != null) {
                event.acknowledged = true;
            }
        }
    }
}
