package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.config.PostgresLogin;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.authorize.Role;
import io.millrace.processor.store.StoreSchema;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.topic.Topic;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of an event, asked at the door; that one was scored is shown where a processor runs (RunIT). */
class EventIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static EmbeddedPostgres postgres;
    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0, "secret");
        StoreSchema.migrate(new PostgresLogin(postgres.jdbcUrl(), postgres.user(), postgres.password()));
        stage = new DoorStage(
                folder,
                Map.of(
                        "postgres.url", postgres.jdbcUrl(),
                        "postgres.user", postgres.user(),
                        "postgres.password", postgres.password(),
                        "query.events.deadline", "40s"));
    }

    @AfterAll
    static void close() {
        stage.close();
        postgres.close();
    }

    @Test
    void tellsWhereItIs_whenItWaits() throws Exception {
        String id = post("{\"userId\":\"u1\",\"name\":\"product_viewed\"}")
                .path("eventIds")
                .path(0)
                .asText();

        JsonNode told = told(id, "");

        assertThat(told.path("status").asText()).isEqualTo("accepted");
        assertThat(told.path("note").asText()).startsWith("taken ").contains("waits for its turn, or no model");
        JsonNode occurrence = told.path("occurrences").path(0);
        assertThat(occurrence.path("outcome").asText()).isEqualTo("accepted");
        assertThat(occurrence.path("userId").asText()).isEqualTo("u1");
        assertThat(occurrence.path("traceparent").asText()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
        assertThat(told.path("searched").path(0).path("complete").asBoolean()).isFalse();
    }

    @Test
    void listsEachTimeItCame_whenItWasSentAgain() throws Exception {
        String event = "{\"id\":\"again \\\"1\\\"\",\"userId\":\"u2\",\"name\":\"x\"}";
        post("[" + event + "," + event + "]");
        post(event);
        post(event.replace("u2", "u3"));

        assertThat(outcomes(told("again%20%221%22", "")))
                .containsExactlyInAnyOrder("accepted u2", "duplicate u2", "duplicate u2", "accepted u3");
        assertThat(outcomes(told("again%20%221%22", "?userId=u2&source=web")))
                .containsExactly("accepted u2", "duplicate u2", "duplicate u2");
        assertThat(get("again%20%221%22", "?userId=u2&source=app").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhy_whenItWasRefused() throws Exception {
        stage.postJson("{\"id\":\"bad-1\",\"userId\":\"u4\"}");

        JsonNode told = told("bad-1", "");
        assertThat(told.path("status").asText()).isEqualTo("refused");
        assertThat(told.path("occurrences").path(0).path("reason").asText()).isEqualTo("missing_field");
        assertThat(told.path("occurrences").path(0).path("stage").asText()).isEqualTo("validate");

        post("{\"id\":\"bad-1\",\"userId\":\"u4\",\"name\":\"x\"}");
        JsonNode mended = told("bad-1", "");
        assertThat(mended.path("status").asText()).isEqualTo("accepted");
        assertThat(outcomes(mended)).containsExactly("refused ", "accepted u4");
    }

    @Test
    void saysWhy_whenItIsADeadLetter() throws Exception {
        post("{\"id\":\"dead-1\",\"userId\":\"u5\",\"name\":\"x\"}");
        DeadLetter letter = new DeadLetter(
                Reason.MODEL_FAILED,
                "the model threw",
                DeadLetter.Stage.SCORE,
                new DeadLetter.Origin("user-events", 0, 1),
                new Source("web"),
                "dead-1",
                "churn@1.0.0",
                "web:u5".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                false,
                1,
                Instant.now(),
                null);
        produce(Topic.DEAD_LETTERS, Instant.now(), DeadLetterCodec.encode(letter));

        JsonNode told = told("dead-1", "?userId=u5&source=web");

        assertThat(told.path("status").asText()).isEqualTo("dead_lettered");
        assertThat(told.path("occurrences")).hasSize(2);
        JsonNode dead = told.path("occurrences").path(1);
        assertThat(dead.path("outcome").asText()).isEqualTo("dead_lettered");
        assertThat(dead.path("model").asText()).isEqualTo("churn@1.0.0");
        assertThat(dead.path("origin").path("offset").asLong()).isEqualTo(1);
    }

    @Test
    void looksOnlyWhereItIsTold_whenATimeIsGiven() throws Exception {
        post("{\"id\":\"timed\",\"userId\":\"u6\",\"name\":\"x\"}");

        assertThat(told("timed", "?from=" + Instant.now().minusSeconds(600)).path("occurrences"))
                .hasSize(1);
        assertThat(get("timed", "?to=" + Instant.now().minusSeconds(600)).statusCode())
                .isEqualTo(404);
        assertThat(get("timed", "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void saysUnknownAndNotThatItIsNowhere_whenTheTimeWasTooShort() throws Exception {
        assertThat(get("nobody-knows", "").statusCode()).isEqualTo(404);
        try (Ingest hasty = stage.anotherDoor(Map.of("query.events.deadline", "1ms"))) {
            JsonNode told = JSON.readTree(at(hasty, "nobody-knows").body());

            assertThat(told.path("status").asText()).isEqualTo("unknown");
            assertThat(told.path("searched").path(0).path("complete").asBoolean())
                    .isFalse();
        }
    }

    @Test
    void namesWhatIsMissing_whenTheStoreIsNotThere() throws Exception {
        post("{\"id\":\"half\",\"userId\":\"u7\",\"name\":\"x\"}");
        try (Ingest alone = stage.anotherDoor(Map.of("postgres.url", "jdbc:postgresql://127.0.0.1:1/nowhere"))) {
            JsonNode told = JSON.readTree(at(alone, "half").body());

            assertThat(told.path("status").asText()).isEqualTo("accepted");
            assertThat(told.path("missing").path(0).path("part").asText()).isEqualTo("predictions");
            assertThat(told.path("note").asText()).contains("the store could not be asked");
        }
    }

    private static JsonNode post(String body) throws Exception {
        HttpResponse<String> answer = stage.postJson(body);
        for (int i = 0; answer.statusCode() == 503 && i < 10; i++) {
            answer = stage.postJson(body);
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body());
    }

    /** Asks until every part answered: a busy machine's broker may be late. */
    private static JsonNode told(String id, String query) throws Exception {
        DoorStage.until(() -> get(id, query).body().contains("\"missing\":[]"));
        return JSON.readTree(get(id, query).body());
    }

    private static HttpResponse<String> get(String id, String query) {
        return stage.get("/v1/events/" + id + query, stage.bearer(Role.ANALYST));
    }

    private static HttpResponse<String> at(Ingest door, String id) {
        return stage.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/v1/events/" + id))
                .header("Authorization", stage.bearer(Role.ANALYST))
                .build());
    }

    private static Iterable<String> outcomes(JsonNode told) {
        return StreamSupport.stream(told.path("occurrences").spliterator(), false)
                .map(one ->
                        one.path("outcome").asText() + " " + one.path("userId").asText())
                .toList();
    }

    private static void produce(Topic topic, Instant time, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stage.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.topicName(), null, time.toEpochMilli(), null, value))
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
