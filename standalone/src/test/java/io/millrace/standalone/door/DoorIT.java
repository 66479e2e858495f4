package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.EventCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.ingest.authorize.Role;
import io.millrace.topic.Topic;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What producers see, and what is on the topics after. */
class DoorIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of("ingest.http.body-deadline", "500ms"));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void eventIsOnTheTopic_whenAnswerIs202() throws Exception {
        HttpResponse<String> answer = stage.post(
                bytes(
                        "{\"id\":\"e-202\",\"userId\":\"u1\",\"name\":\"product_viewed\",\"properties\":{\"price\":1.5}}"),
                "Content-Type",
                "application/json",
                "traceparent",
                TRACE,
                "tracestate",
                "rojo=00f067aa0ba902b7");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()))
                .isEqualTo(JSON.readTree("{\"accepted\":1,\"eventIds\":[\"e-202\"],\"refused\":[]}"));
        ConsumerRecord<byte[], byte[]> found = onTopic("e-202");
        Event event = EventCodec.decode(found.value());
        assertThat(event.source()).isEqualTo(new Source("web"));
        assertThat(event.properties().toString()).isEqualTo("{\"price\":1.5}");
        assertThat(new String(found.key(), StandardCharsets.UTF_8)).isEqualTo("web:u1");
        assertThat(found.timestamp()).isEqualTo(event.times().received().toEpochMilli());
        assertThat(RecordHeaders.traceparent(found.headers())).hasValueSatisfying(trace -> {
            // The caller's trace, and the door's own span in it.
            assertThat(trace.traceId()).isEqualTo(TRACE.substring(3, 35));
            assertThat(trace.spanId()).isNotEqualTo(TRACE.substring(36, 52));
            assertThat(trace.isSampled()).isTrue();
            assertThat(trace.state()).isEqualTo("rojo=00f067aa0ba902b7");
        });
        assertThat(answer.headers().firstValue("traceparent"))
                .hasValueSatisfying(trace -> assertThat(trace).startsWith(TRACE.substring(0, 36)));
    }

    @Test
    void returnsTheIdThatItMade_whenEventHasNone() throws Exception {
        HttpResponse<String> answer = stage.postJson("{\"userId\":\"u1\",\"name\":\"product_viewed\"}");

        String id = JSON.readTree(answer.body()).path("eventIds").path(0).asText();
        assertThat(onTopic(id).value()).isNotEmpty();
    }

    @Test
    void takesTheGoodAndNamesTheBad_whenBatchIsMixed() throws Exception {
        String bad = "{\"id\":\"mixed-1\",\"userId\":\"u1\"}";

        HttpResponse<String> answer = stage.postJson("[{\"id\":\"mixed-0\",\"userId\":\"u1\",\"name\":\"x\"}," + bad
                + ",{\"id\":\"mixed-2\",\"anonymousId\":\"a\",\"name\":\"x\"}]");

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("accepted").asInt()).isEqualTo(2);
        assertThat(body.path("refused")).hasSize(1);
        assertThat(body.path("refused").path(0).path("index").asInt()).isEqualTo(1);
        assertThat(body.path("refused").path(0).path("id").asText()).isEqualTo("mixed-1");
        assertThat(body.path("refused").path(0).path("code").asText()).isEqualTo("missing_field");
        assertThat(new String(onTopic("mixed-2").key(), StandardCharsets.UTF_8)).isEqualTo("web~a");
        DeadLetter letter = stage.deadLetters().stream()
                .filter(candidate -> "mixed-1".equals(candidate.eventId()))
                .findFirst()
                .orElseThrow();
        assertThat(letter.reason()).isEqualTo(Reason.MISSING_FIELD);
        assertThat(letter.stage()).isEqualTo(DeadLetter.Stage.VALIDATE);
        assertThat(letter.source()).isEqualTo(new Source("web"));
        assertThat(letter.payload()).isEqualTo(bytes(bad));
    }

    @Test
    void readsLinesAndGzip() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("{\"id\":\"line-").append(i).append("\",\"userId\":\"u\",\"name\":\"x\"}\n");
        }

        HttpResponse<String> answer = stage.post(
                DoorStage.gzip(new ByteArrayInputStream(bytes(lines.toString()))),
                "Content-Type",
                "application/x-ndjson",
                "Content-Encoding",
                "gzip");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()).path("accepted").asInt()).isEqualTo(1_000);
        assertThat(stage.records(Topic.USER_EVENTS).stream()
                        .filter(found -> text(found).contains("\"line-")))
                .hasSize(1_000);
    }

    @Test
    void answersWithTheExamplesCode_andKeepsADeadLetter() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.list(Path.of("../schemas/examples/publish/invalid"))) {
            examples = files.sorted().toList();
        }
        int before = stage.deadLetters().size();

        for (Path example : examples) {
            String name = example.getFileName().toString();
            HttpResponse<String> answer = stage.post(
                    Files.readAllBytes(example),
                    "Content-Type",
                    name.endsWith(".ndjson") ? "application/x-ndjson" : "application/json");

            JsonNode body = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).as(name).isIn(400, 202);
            assertThat(body.path("refused").path(0).path("code").asText())
                    .as(name)
                    .isEqualTo(name.substring(0, name.indexOf('-')));
            if (answer.statusCode() == 400) {
                assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
                assertThat(body.path("code").asText()).isEqualTo("all_refused");
            }
        }
        assertThat(stage.deadLetters()).hasSizeGreaterThanOrEqualTo(before + examples.size());
    }

    @Test
    void refusesByStatus_whenTheRequestIsWrong() throws Exception {
        HttpRequest.Builder anonymous = HttpRequest.newBuilder(stage.uri("/v1/events"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
        HttpResponse<String> unauthenticated = stage.send(anonymous.build());
        DoorStage.assertProblem(unauthenticated, 401, "unauthenticated");
        assertThat(unauthenticated.headers().allValues("WWW-Authenticate")).hasSize(2);
        DoorStage.assertProblem(
                stage.send(anonymous.header("Authorization", "Bearer nobody").build()), 401, "unauthenticated");
        DoorStage.assertProblem(stage.get("/v1/predictions", null), 401, "unauthenticated");
        DoorStage.assertProblem(stage.get("/v1/predictions", stage.bearer(Role.PRODUCER)), 403, "forbidden");
        DoorStage.assertProblem(stage.get("/metrics", DoorStage.BASIC), 403, "forbidden");
        DoorStage.assertProblem(stage.get("/nowhere", null), 404, "not_found");
        HttpResponse<String> wrongMethod = stage.get("/v1/events", null);
        DoorStage.assertProblem(wrongMethod, 405, "method_not_allowed");
        assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
        DoorStage.assertProblem(stage.post(bytes("{}"), "Content-Type", "text/plain"), 415, "unsupported_media_type");
        DoorStage.assertProblem(
                stage.post(bytes("{}"), "Content-Type", "application/json", "Content-Encoding", "gzip"),
                400,
                "bad_request");
        DoorStage.assertProblem(stage.get("/v1/predictions?limit=0", stage.bearer(Role.ANALYST)), 400, "bad_request");
        DoorStage.assertProblem(
                stage.get("/v1/predictions?from=today", stage.bearer(Role.ANALYST)), 400, "bad_request");
    }

    @Test
    void tellsOfItself() throws Exception {
        assertThat(JSON.readTree(stage.get("/healthz", null).body())).isEqualTo(JSON.readTree("{\"status\":\"ok\"}"));
        assertThat(JSON.readTree(stage.get("/readyz", null).body()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"status\":\"ready\",\"checks\":{\"door\":{\"status\":\"ready\"},\"kafka\":{\"status\":\"ready\"},\"sources\":{\"status\":\"ready\"}}}"));
        assertThat(stage.get("/openapi.yaml", null).body()).contains("operationId: \"publishEvents\"");
        assertThat(stage.get("/asyncapi.yaml", null).body()).contains("user-events");
        stage.postJson("{\"userId\":\"u\",\"name\":\"x\"}");
        stage.postJson("{\"userId\":\"u\"}");
        assertThat(stage.get("/metrics", stage.bearer(Role.OPERATOR)).body())
                .contains("millrace_ingest_requests_total{operation=\"publishEvents\",outcome=\"accepted\"}")
                .contains("millrace_ingest_events_refused_total{reason=\"missing_field\"}")
                .contains("millrace_ingest_publish_seconds_bucket")
                .contains("millrace_ingest_inflight_requests");
    }

    @Test
    void answers503_whenTheStoreIsNotThere() {
        HttpResponse<String> answer = stage.get("/v1/users/a%2Fb/predictions", stage.bearer(Role.ANALYST));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private static ConsumerRecord<byte[], byte[]> onTopic(String id) {
        return stage.records(Topic.USER_EVENTS).stream()
                .filter(found -> text(found).contains("\"" + id + "\""))
                .findFirst()
                .orElseThrow();
    }

    private static String text(ConsumerRecord<byte[], byte[]> found) {
        return new String(found.value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
