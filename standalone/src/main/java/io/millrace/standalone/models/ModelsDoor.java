package io.millrace.standalone.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The models of a running Millrace, over its HTTP API. Thread-safe. */
public final class ModelsDoor {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final String EDGE = "millrace-7f3a9d52c1";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String url;
    private final String token;

    /** @param url without a slash at the end */
    public ModelsDoor(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Every model. */
    public JsonNode list() throws ModelsFailedException, InterruptedException {
        return send("GET", "/v1/models", BodyPublishers.noBody(), null, null);
    }

    /** One model with its instances. */
    public JsonNode model(String name) throws ModelsFailedException, InterruptedException {
        return send("GET", "/v1/models/" + name, BodyPublishers.noBody(), null, null);
    }

    /**
     * Replaces the deployment.
     *
     * @param seen the revision that must be there, or null for any
     */
    public JsonNode deploy(String name, ObjectNode wanted, @Nullable Long seen)
            throws ModelsFailedException, InterruptedException {
        return send(
                "PUT",
                "/v1/models/" + name + "/deployment",
                BodyPublishers.ofString(wanted.toString()),
                "application/json",
                seen);
    }

    /** Returns to the champion before. */
    public JsonNode rollBack(String name) throws ModelsFailedException, InterruptedException {
        return send("POST", "/v1/models/" + name + "/rollback", BodyPublishers.noBody(), null, null);
    }

    /**
     * Uploads a version.
     *
     * @param files of the model
     * @param progress is told how many bytes are sent
     */
    public JsonNode push(String name, ModelFolder files, boolean dryRun, LongConsumer progress)
            throws ModelsFailedException, InterruptedException {
        BodyPublisher body = BodyPublishers.ofInputStream(() -> form(files, progress));
        return send(
                "POST",
                "/v1/models/" + name + "/versions" + (dryRun ? "?dryRun=true" : ""),
                body,
                "multipart/form-data; boundary=" + EDGE,
                null);
    }

    private static InputStream form(ModelFolder files, LongConsumer progress) {
        List<InputStream> parts = new ArrayList<>();
        parts.add(head("manifest"));
        parts.add(new ByteArrayInputStream(files.manifest()));
        if (files.signature() != null) {
            parts.add(head("signature"));
            parts.add(new ByteArrayInputStream(files.signature().getBytes(UTF_8)));
        }
        parts.add(head("artifact"));
        parts.add(new CountedStream(files.open(), progress));
        parts.add(text("\r\n--" + EDGE + "--\r\n"));
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private static InputStream head(String part) {
        return text("\r\n--" + EDGE + "\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\"" + part
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private JsonNode send(
            String method, String path, BodyPublisher body, @Nullable String contentType, @Nullable Long seen)
            throws ModelsFailedException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .method(method, body);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        if (seen != null) {
            request.header("If-Match", "\"" + seen + "\"");
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            return read(answer);
        } catch (IOException e) {
            throw new ModelsFailedException(url + " does not answer: " + e.getMessage(), e);
        }
    }

    private static JsonNode read(HttpResponse<String> answer) throws ModelsFailedException {
        JsonNode tree;
        try {
            tree = JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new ModelsFailedException(
                    "given status " + answer.statusCode() + " and no JSON, expected Millrace's door", e);
        }
        if (answer.statusCode() >= 400) {
            throw new ModelsFailedException(
                    tree.path("detail").asText("status " + answer.statusCode()) + " (" + answer.statusCode() + ")");
        }
        return tree;
    }
}
