package io.millrace.standalone.post;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The HTTP API of a Millrace, as a producer sees it. Thread-safe. */
public final class Door {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI events;
    private final String token;

    /**
     * @param url such as {@code http://127.0.0.1:8080}
     * @param token sent as bearer
     * @throws IllegalArgumentException if the URL is none
     */
    public Door(String url, String token) {
        URI base = URI.create(url.endsWith("/") ? url : url + "/");
        if (base.getHost() == null || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
            throw new IllegalArgumentException("URL \"" + url + "\": expected http:// or https:// and a host");
        }
        events = base.resolve("v1/events");
        this.token = token;
    }

    /** Posts the events as one request, gzipped NDJSON, and waits for the answer. */
    Answer post(List<JsonObject> batch) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(events)
                .timeout(ANSWER_TIMEOUT)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/x-ndjson")
                .header("content-encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(batch)))
                .build();
        try {
            return read(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            return new Answer.Later(events + " does not answer: " + sentence(e), Duration.ZERO);
        }
    }

    /** The client's exceptions often carry no message, only a class. */
    private static String sentence(IOException failure) {
        if (failure instanceof ConnectException) {
            return "nothing listens there, or it cannot be reached";
        } else if (failure instanceof HttpTimeoutException) {
            return "not within " + ANSWER_TIMEOUT.toSeconds() + " s";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private Answer read(HttpResponse<byte[]> response) {
        JsonNode body = tree(response.body());
        int status = response.statusCode();
        if (status == 202 || (status == 400 && body.has("refused"))) {
            return new Answer.Answered(count(body.path("accepted")), refusals(body.path("refused")));
        }
        String said =
                status + " " + body.path("detail").asText(body.path("title").asText(""));
        return switch (status) {
            case 413 -> new Answer.TooLarge();
            case 408, 429, 500, 502, 503, 504 -> new Answer.Later(said, retryAfter(response));
            default -> new Answer.Denied(events + " answers " + said.strip());
        };
    }

    private static int count(JsonNode accepted) {
        return accepted.isArray() ? accepted.size() : accepted.asInt();
    }

    private static List<Refusal> refusals(JsonNode refused) {
        List<Refusal> refusals = new ArrayList<>();
        refused.forEach(one -> refusals.add(
                new Refusal(one.path("code").asText(), one.path("detail").asText())));
        return refusals;
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        try {
            return Duration.ofSeconds(
                    response.headers().firstValueAsLong("retry-after").orElse(0));
        } catch (NumberFormatException e) {
            return Duration.ZERO; // a date: RFC 9110 allows it, Millrace never sends one
        }
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode().put("title", new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("no input but an array", e);
        }
    }

    private static byte[] gzip(List<JsonObject> batch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (JsonObject event : batch) {
                out.write(event.array(), event.offset(), event.length());
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no output but an array", e);
        }
        return bytes.toByteArray();
    }
}
