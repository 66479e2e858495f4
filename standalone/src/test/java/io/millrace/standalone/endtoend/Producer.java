package io.millrace.standalone.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Posts events in batches, one in ten of them twice, as a producer does that lost an answer; waits out a 503. */
final class Producer {
    private static final int BATCH = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final Random random = new Random(7);
    private final URI uri;
    private final String authorization;

    Producer(int port, String writeKey) {
        uri = URI.create("http://127.0.0.1:" + port + "/v1/events");
        authorization = "Basic " + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(UTF_8));
    }

    /** Posts them in order; returns the ids of those that were accepted. */
    Set<String> post(List<String> events) throws IOException, InterruptedException {
        Set<String> accepted = new LinkedHashSet<>();
        for (int from = 0; from < events.size(); from += BATCH) {
            List<String> batch = new ArrayList<>();
            for (String event : events.subList(from, Math.min(from + BATCH, events.size()))) {
                batch.add(event);
                if (random.nextInt(10) == 0) {
                    batch.add(event);
                }
            }
            HttpResponse<String> answer = send("[" + String.join(",", batch) + "]");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            JsonNode body = json.readTree(answer.body());
            assertThat(body.path("accepted").asInt()).isEqualTo(batch.size());
            for (String event : batch) {
                accepted.add(json.readTree(event).path("id").asText());
            }
        }
        return accepted;
    }

    /** As an SDK does: what is worth a retry is sent again with the same ids, after the time that the answer asks for. */
    private HttpResponse<String> send(String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            boolean worthRetry = answer.statusCode() == 429 || answer.statusCode() == 503;
            if (!worthRetry || Instant.now().isAfter(deadline)) {
                return answer;
            }
            TimeUnit.SECONDS.sleep(
                    answer.headers().firstValueAsLong("retry-after").orElseThrow());
        }
    }
}
