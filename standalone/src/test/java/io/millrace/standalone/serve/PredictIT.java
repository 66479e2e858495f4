package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.InputsJson;
import io.millrace.ingest.authorize.Role;
import io.millrace.prediction.Prediction;
import io.millrace.standalone.serve.ScoringStage.Instance;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict} and {@code getUser} at the door, with the processor there and away, and the store away throughout. */
class PredictIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void theDoorPredicts_andPostsOnWithoutTheProcessor(@TempDir Path folder) throws Exception {
        try (ScoringStage stage = new ScoringStage(folder)) {
            Instance processor = stage.start("one");
            try (PredictDoor door = new PredictDoor(stage, processor.port())) {
                ScoringStage.await(
                        "the door is ready",
                        () -> door.send("GET", "/readyz", "", "").statusCode() == 200 ? door : null);
                predicts(door, stage);
                tellsOfAUser(door);
                new SequenceQuestions(door, stage).areAnsweredAsTheStreamAnswers();
                refuses(door);
                tellsOfThePipeline(door);
                processor.close();
                worksWithoutTheProcessor(door);
                tellsWhatIsKnown_whenEverybodyIsAway(door, stage);
            }
        }
    }

    @Test
    void theDoorAnswers429_whenTooManyQuestionsAreUnderWay(@TempDir Path folder) throws Exception {
        Map<String, String> few = Map.of("ingest.processor.in-flight", "1", "ingest.processor.deadline", "5s");
        // The kernel takes the connection, and nobody ever answers on it.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ScoringStage stage = new ScoringStage(folder);
                PredictDoor door = new PredictDoor(stage, silent.getLocalPort(), few)) {
            String body = "{\"source\":\"web\",\"userId\":\"u1\"}";
            String analyst = door.token(Role.ANALYST);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(door.sendLater("POST", "/v1/predict", body, analyst));
            }

            Map<Integer, List<HttpResponse<String>>> byStatus = answers.stream()
                    .map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(HttpResponse::statusCode));
            assertThat(byStatus).containsOnlyKeys(429, 503);
            assertThat(byStatus.get(503))
                    .as("was let in, and got no answer in time")
                    .hasSize(1);
            assertThat(byStatus.get(429))
                    .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After"))
                            .isPresent());
        }
    }

    private static void predicts(PredictDoor door, ScoringStage stage) throws Exception {
        stage.publish(ScoringStage.identify("u1", "i1", "{\"plan\":\"member\"}", TIME));
        stage.publish(ScoringStage.event("u1", "e1", 35.79, TIME));
        Prediction first = stage.prediction("e1");
        JsonNode again = predict(
                door,
                "{\"features\":" + InputsJson.features(first.inputs()) + ",\"model\":\""
                        + first.model().name() + "\"}");
        assertThat(again.path("score").floatValue()).isEqualTo(first.score());
        assertThat(again.path("sha256").asText()).isEqualTo(first.sha256().hex());
        assertThat(again.path("features"))
                .isEqualTo(JSON.readTree(InputsJson.features(first.inputs()).toString()));

        String next = "{\"id\":\"e2\",\"name\":\"product_viewed\",\"properties\":{\"price\":99.5},"
                + "\"timestamp\":\"2026-11-22T12:01:30Z\"}";
        JsonNode whatIf = predict(door, "{\"source\":\"web\",\"userId\":\"u1\",\"events\":[" + next + "]}");
        HttpResponse<String> posted = ScoringStage.await("the event is taken", () -> {
            HttpResponse<String> answer =
                    door.send("POST", "/v1/events", "{\"userId\":\"u1\"," + next.substring(1), PredictDoor.BASIC);
            return answer.statusCode() == 202 ? answer : null;
        });
        assertThat(posted.body()).contains("e2");
        Prediction happened = stage.prediction("e2");
        assertThat(whatIf.path("features"))
                .isEqualTo(JSON.readTree(InputsJson.features(happened.inputs()).toString()));
        assertThat(whatIf.path("score").floatValue()).isEqualTo(happened.score());
        assertThat(whatIf.path("asOf").asText()).isEqualTo("2026-11-22T12:01:30.000Z");
        assertThat(predict(door, "{\"userId\":\"u1\"}").path("label").asText())
                .contains(first.label().replace("not_", ""));
    }

    private static void tellsOfAUser(PredictDoor door) throws Exception {
        HttpResponse<String> answer = door.send("GET", "/v1/users/u1?source=web", "", door.token(Role.ANALYST));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode user = JSON.readTree(answer.body());
        assertThat(user.at("/profile/traits/plan").asText()).isEqualTo("member");
        assertThat(user.path("lastEventAt").asText()).isEqualTo("2026-11-22T12:01:30.000Z");
        assertThat(user.at("/live/0/features").size()).isPositive();
        assertThat(user.path("missing").findValuesAsText("part")).containsExactly("latest", "predictions");
        assertThat(user.at("/missing/0/reason").asText()).contains("the store");
        assertThat(user.has("predictions")).isFalse();
        // The store did not say that it knows nothing, so nobody can say that nothing is known.
        assertThat(door.send("GET", "/v1/users/nobody?source=web", "", door.token(Role.ANALYST))
                        .statusCode())
                .isEqualTo(200);
        assertThat(door.send("GET", "/v1/users/u1", "", door.token(Role.ANALYST))
                        .body())
                .as("the only source is meant where none is named")
                .contains("\"source\":\"web\"", "\"plan\":\"member\"");
    }

    private static void tellsOfThePipeline(PredictDoor door) throws Exception {
        JsonNode pipeline = ScoringStage.await("everything is processed", () -> {
            JsonNode seen = pipeline(door, Role.ANALYST);
            return seen.path("lag").asLong(-1) == 0 ? seen : null;
        });
        assertThat(pipeline.path("partitions").asInt()).isEqualTo(4);
        assertThat(pipeline.path("partitionLags").findValuesAsText("partition")).containsExactly("0", "1", "2", "3");
        assertThat(pipeline.path("partitionLags").findValuesAsText("instance")).hasSize(4);
        assertThat(pipeline.at("/layout/phase").asText()).isEqualTo("steady");
        assertThat(pipeline.path("rates").has("received")).isTrue();
        JsonNode instance = pipeline.at("/instances/0");
        assertThat(instance.path("state").asText()).isEqualTo("running");
        assertThat(instance.path("active").findValuesAsText("partition")).containsExactlyInAnyOrder("0", "1", "2", "3");
        assertThat(instance.path("models")).isNotEmpty();
        assertThat(instance.path("release").asText()).matches("[0-9]+\\.[0-9].*");
        assertThat(pipeline.at("/store/connected").asBoolean(true))
                .as("the store is away")
                .isFalse();
        assertThat(pipeline.at("/brokers/reachable").asBoolean()).isTrue();
        assertThat(door.send("GET", "/v1/pipeline", "", PredictDoor.BASIC).statusCode())
                .as("a producer")
                .isEqualTo(403);
    }

    private static void tellsWhatIsKnown_whenEverybodyIsAway(PredictDoor door, ScoringStage stage) {
        JsonNode alone = pipeline(door, Role.OPERATOR);
        assertThat(alone.path("partitions").asInt()).isEqualTo(4);
        assertThat(alone.path("instances")).isEmpty();
        assertThat(alone.path("missing").findValuesAsText("part")).contains("instances", "store");

        stage.broker.close();
        JsonNode dark = pipeline(door, Role.OPERATOR);
        assertThat(dark.at("/brokers/reachable").asBoolean(true)).isFalse();
        assertThat(dark.path("partitions").asInt()).as("as it was last seen").isEqualTo(4);
        assertThat(dark.has("lag")).isFalse();
        assertThat(dark.path("missing").findValuesAsText("part")).contains("lag", "instances");
        assertThat(dark.path("missing").findValuesAsText("reason")).anyMatch(reason -> reason.contains("Kafka at"));
    }

    private static JsonNode pipeline(PredictDoor door, Role role) {
        HttpResponse<String> answer = door.send("GET", "/v1/pipeline", "", door.token(role));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refuses(PredictDoor door) {
        assertThat(refused(door, 400, "{\"features\":{\"x\":1}}")).contains("feature \\\"x\\\": expected one of");
        assertThat(refused(door, 400, "{}")).contains("expected");
        assertThat(refused(door, 400, "{\"source\":\"web\",\"userId\":\"u1\",\"events\":[{\"kind\":\"track\"}]}"))
                .contains("events[0]: name: given none");
        assertThat(refused(
                        door,
                        400,
                        "{\"source\":\"web\",\"userId\":\"u1\",\"events\":[{\"name\":\"x\",\"userId\":\"u2\"}]}"))
                .contains("userId: given it twice");
        assertThat(refused(door, 404, "{\"model\":\"nobody\",\"source\":\"web\",\"userId\":\"u1\"}"))
                .contains("nobody");
        assertThat(refused(door, 404, "{\"source\":\"web\",\"userId\":\"nobody\"}"))
                .contains("nothing is known");
        assertThat(door.send("POST", "/v1/predict", "{\"source\":\"web\",\"userId\":\"u1\"}", PredictDoor.BASIC)
                        .statusCode())
                .as("a producer")
                .isEqualTo(403);
    }

    private static void worksWithoutTheProcessor(PredictDoor door) throws Exception {
        HttpResponse<String> predict =
                door.send("POST", "/v1/predict", "{\"source\":\"web\",\"userId\":\"u1\"}", door.token(Role.ANALYST));
        assertThat(predict.statusCode()).isEqualTo(503);
        assertThat(predict.headers().firstValue("Retry-After")).contains("1");
        HttpResponse<String> user = door.send("GET", "/v1/users/u1?source=web", "", door.token(Role.ANALYST));
        assertThat(user.statusCode()).as("neither part is there").isEqualTo(503);
        HttpResponse<String> posted = ScoringStage.await("posting goes on", () -> {
            HttpResponse<String> answer = door.send(
                    "POST", "/v1/events", "{\"userId\":\"u1\",\"name\":\"product_viewed\"}", PredictDoor.BASIC);
            return answer.statusCode() == 202 ? answer : null;
        });
        assertThat(JSON.readTree(posted.body()).path("accepted").asInt()).isEqualTo(1);
        ScoringStage.await("the breaker opens", () -> {
            door.send("POST", "/v1/predict", "{\"source\":\"web\",\"userId\":\"u1\"}", door.token(Role.ANALYST));
            return metrics(door).contains("millrace_dependency_state{dependency=\"processor 127.0.0.1:") && isOpen(door)
                    ? door
                    : null;
        });
    }

    private static boolean isOpen(PredictDoor door) {
        return metrics(door)
                .lines()
                .anyMatch(line ->
                        line.startsWith("millrace_dependency_state{dependency=\"processor") && line.endsWith(" 2.0"));
    }

    private static String metrics(PredictDoor door) {
        return door.send("GET", "/metrics", "", door.token(Role.OPERATOR)).body();
    }

    /** Comes again after a 503, as SDKs do: a processor that has only just begun may still restore. */
    static JsonNode predict(PredictDoor door, String body) throws Exception {
        HttpResponse<String> answer = ScoringStage.await("an answer", () -> {
            HttpResponse<String> given = door.send("POST", "/v1/predict", body, door.token(Role.ANALYST));
            return given.statusCode() == 503 ? null : given;
        });
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    static String refused(PredictDoor door, int status, String body) {
        HttpResponse<String> answer = door.send("POST", "/v1/predict", body, door.token(Role.ANALYST));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }
}
