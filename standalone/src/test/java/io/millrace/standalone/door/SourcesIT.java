package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.WriteKeyCodec;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.authorize.Role;
import io.millrace.topic.Topic;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Write keys that are made and revoked while doors are open. */
class SourcesIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void opensAndClosesEveryDoor_withoutARestart(@TempDir Path folder) throws Exception {
        try (DoorStage stage = new DoorStage(folder, Map.of());
                Ingest other = stage.anotherDoor(Map.of())) {
            HttpResponse<String> made =
                    retried(() -> ask(stage, "POST", "/v1/sources", "{\"source\":\"shop\",\"rate\":1000}"));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            JsonNode source = JSON.readTree(made.body());
            String key = source.path("writeKey").asText();
            String id = source.path("id").asText();
            assertThat(key).startsWith("wk_").hasSizeGreaterThan(40);
            assertThat(source.path("createdBy").asText()).isEqualTo("stage");

            // This door knows it when the answer is there, the other a moment later.
            HttpResponse<String> accepted = retried(() -> post(stage, stage.ingest, key));
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            assertThat(accepted.headers().firstValue("X-RateLimit-Limit")).hasValue("2000");
            DoorStage.until(() -> post(stage, other, key).statusCode() == 202);
            assertThat(texts(stage, Topic.USER_EVENTS))
                    .anySatisfy(event -> assertThat(event).contains("\"shop\""));

            // Nothing keeps the key itself.
            assertThat(texts(stage, Topic.SOURCES))
                    .hasSize(1)
                    .allSatisfy(text -> assertThat(text).doesNotContain(key.substring(3)));
            JsonNode listed =
                    JSON.readTree(ask(stage, "GET", "/v1/sources", null).body()).path("sources");
            assertThat(listed).hasSize(2);
            assertThat(listed.path(0).path("source").asText()).isEqualTo("shop");
            assertThat(listed.path(0).has("writeKey")).isFalse();
            assertThat(listed.path(1).path("origin").asText()).isEqualTo("configuration");

            // Switched off and on again.
            assertThat(retried(() -> ask(stage, "PATCH", "/v1/sources/" + id, "{\"enabled\":false}"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(post(stage, stage.ingest, key).statusCode()).isEqualTo(401);
            DoorStage.until(() -> post(stage, other, key).statusCode() == 401);
            JsonNode changed = JSON.readTree(
                    retried(() -> ask(stage, "PATCH", "/v1/sources/" + id, "{\"enabled\":true,\"rate\":null}"))
                            .body());
            assertThat(changed.has("rate")).isFalse();
            assertThat(retried(() -> post(stage, stage.ingest, key)).statusCode())
                    .isEqualTo(202);
            DoorStage.until(() -> post(stage, other, key).statusCode() == 202);

            // Revoked.
            assertThat(retried(() -> ask(stage, "DELETE", "/v1/sources/" + id, null))
                            .statusCode())
                    .isIn(204, 404);
            assertThat(post(stage, stage.ingest, key).statusCode()).isEqualTo(401);
            DoorStage.until(() -> post(stage, other, key).statusCode() == 401);
            assertThat(ask(stage, "DELETE", "/v1/sources/" + id, null).statusCode())
                    .isEqualTo(404);

            // What is configured is not the API's.
            String configured = listed.path(1).path("id").asText();
            HttpResponse<String> conflict = ask(stage, "DELETE", "/v1/sources/" + configured, null);
            assertThat(conflict.statusCode()).isEqualTo(409);
            assertThat(conflict.body()).contains("ingest.write-keys");
            assertThat(retried(() -> post(stage, stage.ingest, DoorStage.WRITE_KEY))
                            .statusCode())
                    .isEqualTo(202);

            for (String wrong : List.of(
                    "{}",
                    "[]",
                    "{",
                    "{\"source\":\"No Name\"}",
                    "{\"source\":\"a\",\"rate\":0}",
                    "{\"source\":\"a\",\"rate\":1.5}",
                    "{\"source\":\"a\",\"enabled\":1}",
                    "{\"source\":\"a\",\"role\":\"admin\"}",
                    "{\"source\":\"a\"} x")) {
                assertThat(ask(stage, "POST", "/v1/sources", wrong).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void makesNothing_whenKafkaIsAway(@TempDir Path folder) throws Exception {
        try (DoorStage stage = new DoorStage(folder, Map.of("ingest.kafka.delivery-timeout", "4s"))) {
            String kept = JSON.readTree(retried(() -> ask(stage, "POST", "/v1/sources", "{\"source\":\"kept\"}"))
                            .body())
                    .path("writeKey")
                    .asText();
            stage.stopBroker();

            HttpResponse<String> answer = ask(stage, "POST", "/v1/sources", "{\"source\":\"lost\"}");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).doesNotContain("writeKey");
            // Who is known is known without Kafka: the events, and not the key, have nowhere to go.
            assertThat(post(stage, stage.ingest, kept).statusCode()).isEqualTo(503);

            stage.startBroker();
            DoorStage.until(() -> post(stage, stage.ingest, kept).statusCode() == 202);
            DoorStage.until(() -> ask(stage, "GET", "/v1/sources", null).statusCode() == 200
                    && !ask(stage, "GET", "/v1/sources", null).body().contains("lost"));
            try (Ingest later = stage.anotherDoor(Map.of())) {
                DoorStage.until(() -> post(stage, later, kept).statusCode() == 202);
            }
            for (ConsumerRecord<byte[], byte[]> found : stage.records(Topic.SOURCES)) {
                if (found.value() != null) {
                    WriteKey key = WriteKeyCodec.decode(found.value());
                    assertThat(new String(found.key(), StandardCharsets.UTF_8))
                            .isEqualTo(key.sha256().hex());
                }
            }
        }
    }

    private static List<String> texts(DoorStage stage, Topic topic) {
        return stage.records(topic).stream()
                .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static HttpResponse<String> ask(DoorStage stage, String method, String path, @Nullable String body) {
        return stage.send(HttpRequest.newBuilder(stage.uri(path))
                .header("Authorization", stage.bearer(Role.OPERATOR))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build());
    }

    /** As SDKs do: what is worth a retry is tried again. */
    private static HttpResponse<String> retried(Supplier<HttpResponse<String>> request) {
        AtomicReference<HttpResponse<String>> answer = new AtomicReference<>(request.get());
        DoorStage.until(() -> {
            if (answer.get().statusCode() == 503) {
                answer.set(request.get());
            }
            return answer.get().statusCode() != 503;
        });
        return answer.get();
    }

    private static HttpResponse<String> post(DoorStage stage, Ingest door, String key) {
        return stage.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/v1/events"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"u\",\"name\":\"x\"}"))
                .build());
    }
}
