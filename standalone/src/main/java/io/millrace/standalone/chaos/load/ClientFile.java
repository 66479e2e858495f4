package io.millrace.standalone.chaos.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What one client writes down: before it sends, and after each answer. Appended and flushed line by line. */
final class ClientFile implements AutoCloseable {
    private final BufferedWriter out;

    ClientFile(Path folder, int client) throws IOException {
        out = Files.newBufferedWriter(
                folder.resolve("client-" + client + ".ndjson"),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    void sending(long request, List<Shopping.Event> events) throws IOException {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("request", request);
        events.forEach(event -> line.withArray("events")
                .addArray()
                .add(event.id())
                .add(event.user())
                .add(event.name()));
        write(line);
    }

    /** @param status 0 for no answer */
    void answered(long request, int status, List<String> accepted) throws IOException {
        ObjectNode line =
                JsonNodeFactory.instance.objectNode().put("request", request).put("status", status);
        if (!accepted.isEmpty()) {
            accepted.forEach(line.putArray("eventIds")::add);
        }
        write(line);
    }

    private void write(ObjectNode line) throws IOException {
        out.write(line.toString());
        out.write('\n');
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
