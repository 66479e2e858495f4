package io.millrace.standalone.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks a running Millrace for an event's predictions. */
public final class StoredPredictions {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String url;
    private final String token;

    public StoredPredictions(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** @throws IOException with a sentence if there is no answer, or none that helps */
    public List<Told> of(String event) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(
                                url + "/v1/predictions?eventId=" + URLEncoder.encode(event, StandardCharsets.UTF_8)))
                        .header("authorization", "Bearer " + token)
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(url + " answered " + answer.statusCode());
        }
        List<Told> told = new ArrayList<>();
        for (JsonNode prediction : JSON.readTree(answer.body()).path("predictions")) {
            told.add(told(prediction));
        }
        return told;
    }

    /** As a line of the log would be, so that whoever reads JSON reads one shape. */
    private static Told told(JsonNode prediction) {
        String[] trace = prediction.path("traceparent").asText("").split("-", -1);
        String event = prediction.path("eventId").asText();
        ObjectNode line = JSON.createObjectNode();
        line.put("timestamp", prediction.path("scoredAt").asText());
        line.put("level", "INFO");
        line.put("service", "store");
        line.put("trace_id", trace.length == 4 ? trace[1] : null);
        line.put("span_id", trace.length == 4 ? trace[2] : null);
        line.put(
                "message",
                "Prediction " + prediction.path("label").asText() + ", score "
                        + prediction.path("score").asText());
        line.putObject("context")
                .put("event_id", event)
                .put(
                        "model",
                        prediction.path("model").asText() + "@"
                                + prediction.path("version").asText())
                .put("role", prediction.path("role").asText());
        return new Told(
                Instant.parse(prediction.path("scoredAt").asText()),
                "store",
                trace.length == 4 ? trace[1] : "",
                event,
                line);
    }
}
