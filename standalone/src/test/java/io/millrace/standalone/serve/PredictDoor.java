package io.millrace.standalone.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.Settings;
import io.millrace.contract.AnswerChecker;
import io.millrace.identity.Sha256;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A door that asks one processor; its store is away. */
final class PredictDoor implements AutoCloseable {
    private static final String WRITE_KEY = "wk_predict";
    static final String BASIC = "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(UTF_8));

    private static final AnswerChecker ANSWERS = new AnswerChecker();

    private final HttpClient client = HttpClient.newHttpClient();
    private final IngestConfig config;
    private final Ingest ingest;

    PredictDoor(ScoringStage stage, int grpcPort) {
        this(stage, grpcPort, Map.of());
    }

    /** @param settings that differ */
    PredictDoor(ScoringStage stage, int grpcPort, Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>();
        flags.put("kafka.bootstrap", stage.broker.bootstrap());
        flags.put("topics.partitions", "4");
        flags.put("postgres.url", "jdbc:postgresql://127.0.0.1:1/absent");
        flags.put("ingest.http.port", "0");
        flags.put("ingest.write-keys", "web=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)));
        flags.put("ingest.jwt.secret", "a secret of this test, of 32 bytes or more");
        flags.put("ingest.kafka.delivery-timeout", "45s");
        flags.put("ingest.http.request-deadline", "55s");
        flags.put("ingest.processor.grpc", "127.0.0.1:" + grpcPort);
        flags.put("ingest.processor.deadline", "20s");
        flags.put("ingest.user-deadline", "30s");
        flags.putAll(settings);
        Settings gathered = Settings.gather(null, Map.of(), flags, IngestKeys.ALL);
        config = IngestConfig.from(gathered);
        gathered.check();
        ingest = Ingest.start(config, List.of());
    }

    String url() {
        return "http://127.0.0.1:" + ingest.port();
    }

    int port() {
        return ingest.port();
    }

    HttpResponse<String> send(String method, String path, String body, String authorization) {
        return sendLater(method, path, body, authorization).join();
    }

    /** Sends it, and fails where the answer is none that openapi.yaml promises. */
    CompletableFuture<HttpResponse<String>> sendLater(String method, String path, String body, String authorization) {
        return sendLater(method, path, body.getBytes(UTF_8), authorization, Map.of("Content-Type", "application/json"));
    }

    CompletableFuture<HttpResponse<String>> sendLater(
            String method, String path, byte[] body, String authorization, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(answer -> {
            assertThat(ANSWERS.problems(
                            method,
                            answer.request().uri().getRawPath(),
                            answer.statusCode(),
                            answer.headers().map(),
                            answer.body().getBytes(UTF_8)))
                    .as(answer.body())
                    .isEmpty();
            return answer;
        });
    }

    /** A form of files, as curl -F makes it. */
    HttpResponse<String> form(String path, String authorization, Map<String, byte[]> files) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        files.forEach((name, bytes) -> {
            body.writeBytes(("--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                            + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(UTF_8));
            body.writeBytes(bytes);
            body.writeBytes("\r\n".getBytes(UTF_8));
        });
        body.writeBytes("--edge--\r\n".getBytes(UTF_8));
        return sendLater(
                        "POST",
                        path,
                        body.toByteArray(),
                        authorization,
                        Map.of("Content-Type", "multipart/form-data; boundary=edge"))
                .join();
    }

    String token(Role role) {
        return "Bearer "
                + new TokenIssuer(config.access(), Clock.systemUTC())
                        .issue("test", Set.of(role), ScoringStage.SOURCE, Duration.ofMinutes(10));
    }

    @Override
    public void close() {
        ingest.close();
    }
}
