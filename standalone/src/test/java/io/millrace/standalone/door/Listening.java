package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of Server-Sent Events that reads them as the standard says, one at a time. */
final class Listening implements AutoCloseable {
    /** An event that was dispatched. */
    record Sent(String event, String data) {}

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;
    private String lastId = "";

    private Listening(HttpResponse<InputStream> response, String lastId) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        this.lastId = lastId;
    }

    static Listening open(HttpClient client, URI uri, String authorization, @Nullable String lastId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Authorization", authorization)
                .header("Accept", "text/event-stream");
        Map<String, String> again = lastId == null ? Map.of() : Map.of("Last-Event-ID", lastId);
        again.forEach(request::header);
        Listening listening =
                new Listening(client.send(request.build(), BodyHandlers.ofInputStream()), lastId == null ? "" : lastId);
        assertThat(listening.response.statusCode()).isEqualTo(200);
        assertThat(listening.response.headers().firstValue("content-type"))
                .hasValue("text/event-stream; charset=utf-8");
        return listening;
    }

    /** The id to come back with. */
    String lastId() {
        return lastId;
    }

    /** Reads on until an id is known. */
    void untilPlaced() throws IOException {
        while (lastId.isEmpty()) {
            assertThat(block()).isNull();
        }
    }

    /** The next event; null where the stream ended. */
    @Nullable
    Sent next() throws IOException {
        while (true) {
            Sent sent = block();
            if (sent != null) {
                return sent.event().equals("end") ? null : sent;
            }
        }
    }

    private @Nullable Sent block() throws IOException {
        String event = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); ; line = lines.readLine()) {
            if (line == null) {
                return new Sent("end", "");
            } else if (line.isEmpty()) {
                return data.isEmpty() ? null : new Sent(event, data.toString());
            } else if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else {
                assertThat(line).matches(": ?|retry: 3000");
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
