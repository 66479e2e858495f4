package io.millrace.standalone.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.ManifestCodec;
import io.millrace.contract.SchemaChecker;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.model.Reference;
import io.millrace.processor.model.ModelFiles;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.run.Given;
import io.millrace.standalone.run.Standalone;
import io.millrace.standalone.run.Steps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From events posted at the door to figures at the door, over three partitions, Kafka and PostgreSQL. */
class QualityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USERS = 12;
    private static final Instant VIEWED = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void figuresComeOut_whenUsersHaveDoneWhatTheyDid(@TempDir Path folder) throws Exception {
        Map<String, String> flags = Map.of(
                "ingest.http.port", "0",
                "standalone.kafka-port", "0",
                "standalone.postgres-port", "0",
                "topics.partitions", "3",
                "processor.models-dir", models(folder).toString(),
                "processor.quality.every", "1s");
        try (DataFolder data = DataFolder.take(folder.resolve("data"));
                Standalone millrace =
                        Standalone.start(data, new Given(null, Map.of(), flags), Steps.onStandardOutput())) {
            String url = millrace.credentials().url();
            assertThat(quality(millrace, "").statusCode()).isEqualTo(404);

            // What became of predictions comes while they may still wait for their batch.
            await(() -> post(millrace, views()) == 202);
            await(() -> post(millrace, whatCameOfThem()) == 202);
            await(() -> JSON.readTree(quality(millrace, "").body())
                            .at("/versions/0/all/known")
                            .asInt()
                    == USERS);

            JsonNode answer = JSON.readTree(quality(millrace, "").body());
            assertThat(new SchemaChecker("model-quality-answer").problems(answer))
                    .isEmpty();
            JsonNode all = answer.at("/versions/0/all");
            assertThat(answer.at("/versions/0/role").asText()).isEqualTo("champion");
            assertThat(all.path("predictions").asInt()).isEqualTo(USERS);
            assertThat(all.path("positives").asInt()).isEqualTo(USERS / 2);
            assertThat(all.path("auc").isNumber()).isTrue();
            assertThat(all.at("/drift/features/price/psi").isNumber()).isTrue();
            JsonNode windows = answer.at("/versions/0/windows");
            assertThat(windows).hasSize(1);
            assertThat(windows.path(0).path("known")).isEqualTo(all.path("known"));
            assertThat(JSON.readTree(quality(millrace, "?windows=0&role=champion")
                                    .body())
                            .at("/versions/0/windows"))
                    .isEmpty();
            assertThat(quality(millrace, "?role=shadow").statusCode()).isEqualTo(404);
            String token = millrace.credentials().tokens().analyst();
            JsonNode prediction = JSON.readTree(
                            get(url + "/v1/predictions?limit=1", token).body())
                    .at("/predictions/0");
            HttpResponse<String> explained =
                    get(url + "/v1/predictions/" + prediction.path("id").asText() + "/explanation", token);
            assertThat(explained.statusCode()).as(explained.body()).isEqualTo(200);
            JsonNode explanation = JSON.readTree(explained.body());
            assertThat(new SchemaChecker("explanation").problems(explanation)).isEmpty();
            assertThat(explanation.path("features")).isEqualTo(prediction.path("features"));
            assertThat(explanation.at("/explanation/method").asText()).isEqualTo("linear");
            assertThat(explanation.at("/explanation/error").asDouble()).isLessThan(1e-4);
            assertThat(get(url + "/v1/predictions/00000000-0000-5000-8000-000000000000/explanation", token)
                            .statusCode())
                    .isEqualTo(404);
            await(() -> get(url + "/metrics", millrace.credentials().tokens().operator())
                    .body()
                    .contains("millrace_model_quality{figure=\"auc\""));
        }
    }

    /** The shipped model, told what its outcome is and how its price was distributed. */
    private static Path models(Path folder) throws Exception {
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        Manifest m = shipped.manifest();
        Reference.Bins bins = new Reference.Bins(List.of(0.5f), List.of(0.5, 0.5));
        Manifest manifest = m.with(
                new OutcomeSpec.Event(List.of("order_completed"), Duration.ofMinutes(30)),
                new Reference(10, Map.of("price", bins), bins),
                m.provenance());
        Path models = folder.resolve("models");
        Path model = Files.createDirectories(models.resolve("purchase-intent"));
        Files.write(model.resolve(Manifest.FILE_NAME), ManifestCodec.write(manifest));
        Files.write(model.resolve(manifest.artifact()), shipped.artifact());
        return models;
    }

    private static String views() {
        List<String> events = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            events.add(event(user, "product_viewed", VIEWED));
        }
        return events.toString();
    }

    /** Every second user buys; of the others an event two hours later says that they did not. */
    private static String whatCameOfThem() {
        List<String> events = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            boolean buys = user % 2 == 0;
            events.add(
                    buys
                            ? event(user, "order_completed", VIEWED.plusSeconds(60))
                            : event(user, "product_removed", VIEWED.plusSeconds(7_200)));
        }
        return events.toString();
    }

    private static String event(int user, String name, Instant time) {
        return "{\"id\":\"" + name + user + "\",\"userId\":\"u" + user + "\",\"name\":\"" + name + "\",\"timestamp\":\""
                + time + "\",\"properties\":{\"product_id\":\"p1\",\"price\":" + (10 + user) + "}}";
    }

    private static int post(Standalone millrace, String body) throws IOException, InterruptedException {
        String basic = Base64.getEncoder()
                .encodeToString((millrace.credentials().writeKey() + ":").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(millrace.credentials().url() + "/v1/events"))
                .header("authorization", "Basic " + basic)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static HttpResponse<String> quality(Standalone millrace, String query)
            throws IOException, InterruptedException {
        return get(
                millrace.credentials().url() + "/v1/models/purchase-intent/quality" + query,
                millrace.credentials().tokens().analyst());
    }

    private static HttpResponse<String> get(String url, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("authorization", "Bearer " + token)
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private interface Attempt {
        boolean succeeds() throws IOException, InterruptedException;
    }

    private static void await(Attempt attempt) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!attempt.succeeds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }
}
