package io.millrace.standalone.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Sha256;
import io.millrace.ingest.authorize.Role;
import io.millrace.standalone.registry.Pushed;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a model from the door: pushed, listed, deployed, looked at, rolled back. */
class ModelsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 2_000_000;

    private static ScoringStage stage;
    private static ScoringStage.Instance processor;
    private static PredictDoor door;
    private static String operator;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        stage = new ScoringStage(folder);
        processor = stage.start("one");
        door = new PredictDoor(stage, processor.port(), Map.of("ingest.models.max-bytes", "" + MOST_BYTES));
        operator = door.token(Role.OPERATOR);
        ScoringStage.await("the processor", () -> processor.isRunning() ? true : null);
    }

    @AfterAll
    static void stop() {
        door.close();
        stage.close();
    }

    private static HttpResponse<String> push(Pushed model, String suffix) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("manifest", model.yaml().getBytes(UTF_8));
        files.put("artifact", model.artifact());
        return door.form("/v1/models/" + model.name() + "/versions" + suffix, operator, files);
    }

    private static HttpResponse<String> put(String name, String body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        return door.sendLater("PUT", "/v1/models/" + name + "/deployment", body.getBytes(UTF_8), operator, all)
                .join();
    }

    private static HttpResponse<String> get(String path) {
        return door.send("GET", path, "", door.token(Role.ANALYST));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    @Test
    void model_isPushedDeployedAndRolledBack() throws Exception {
        assertThat(push(Pushed.of("life", "1", "mlp.pt"), "?dryRun=true").statusCode())
                .isEqualTo(200);
        assertThat(push(Pushed.of("life", "1", "mlp.pt"), "").statusCode()).isEqualTo(201);
        assertThat(push(Pushed.of("life", "1", "mlp.pt"), "").statusCode()).isEqualTo(200);
        HttpResponse<String> pushed = push(Pushed.of("life", "2", "mlp.pt"), "");
        assertThat(pushed.statusCode()).isEqualTo(201);
        assertThat(json(get("/v1/models/life")).at("/versions/0/at"))
                .isEqualTo(json(pushed).path("at"));
        try (ScoringClient client = new ScoringClient(processor.port())) {
            Explained.byAVersionThatDoesNotScore(client, Pushed.of("life", "2", "mlp.pt"));
            Explained.ofARecurrentModel(client);
        }
        assertThat(push(Pushed.of("life", "2", "single.pt"), "").statusCode()).isEqualTo(409);
        assertThat(get("/v1/models/life/deployment").statusCode()).isEqualTo(404);

        HttpResponse<String> first = put("life", "{\"champion\":\"1\"}", Map.of("If-Match", "\"0\""));
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("ETag")).hasValue("\"1\"");
        assertThat(put("life", "{\"champion\":\"2\"}", Map.of("If-Match", "\"0\""))
                        .statusCode())
                .isEqualTo(409);
        HttpResponse<String> second = put(
                "life",
                "{\"champion\":\"2\",\"canary\":{\"version\":\"1\",\"percent\":12.5},\"reason\":\"a try\"}",
                Map.of("If-Match", "\"1\""));
        assertThat(json(second).path("previous").asText()).isEqualTo("1");
        assertThat(json(second).at("/canary/guardrails/after").asInt()).isEqualTo(500);

        JsonNode listed = json(get("/v1/models"));
        assertThat(listed.path("models").findValuesAsText("name")).contains("life", "purchase-intent");
        JsonNode serving = ScoringStage.await("version 2 serves", () -> {
            JsonNode model = JSON.valueToTree(null);
            try {
                model = json(get("/v1/models/life"));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            for (JsonNode state : model.at("/instances/0/states")) {
                if (state.path("version").asText().equals("2")
                        && state.path("phase").asText().equals("serving")) {
                    return model;
                }
            }
            return null;
        });
        assertThat(serving.path("versions")).hasSize(2);
        assertThat(serving.at("/versions/0/manifest").asText()).contains("name: life");

        HttpResponse<String> back = door.send("POST", "/v1/models/life/rollback", "", operator);
        assertThat(json(back).path("champion").asText()).isEqualTo("1");
        assertThat(json(back).has("canary")).isFalse();
        assertThat(door.send("POST", "/v1/models/life/rollback", "", operator).statusCode())
                .isEqualTo(409);
        assertThat(door.send("DELETE", "/v1/models/life/versions/1", "", operator)
                        .statusCode())
                .isEqualTo(409);
        assertThat(door.send("DELETE", "/v1/models/life/versions/2", "", operator)
                        .statusCode())
                .isEqualTo(204);
        assertThat(door.send("DELETE", "/v1/models/life/versions/2", "", operator)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void push_isRefusedWithASentence() throws Exception {
        Pushed good = Pushed.of("bad", "1", "mlp.pt");
        byte[] manifest = good.yaml().getBytes(UTF_8);

        HttpResponse<String> another =
                door.form("/v1/models/bad/versions", operator, files("manifest", manifest, "artifact", new byte[] {1}));
        assertThat(another.statusCode()).isEqualTo(400);
        assertThat(json(another).path("detail").asText()).contains("has sha256", "expected");
        HttpResponse<String> without = door.form(
                "/v1/models/bad/versions",
                operator,
                files("manifest", good.yaml().replaceFirst("sha256: .*", "").getBytes(UTF_8), "artifact", manifest));
        assertThat(json(without).path("detail").asText()).isEqualTo("model.yaml: required property 'sha256' not found");
        byte[] big = new byte[3 << 20];
        new Random(1).nextBytes(big);
        assertThat(door.form("/v1/models/bad/versions", operator, files("manifest", manifest, "artifact", big))
                        .statusCode())
                .isEqualTo(413);
        assertThat(push(Pushed.of("bad", "1", "single.pt"), "").body()).contains("it answered shape");
        assertThat(door.form(
                                "/v1/models/bad/versions",
                                operator,
                                files("artifact", good.artifact(), "manifest", manifest))
                        .body())
                .contains("artifact: expected one, after manifest");
        assertThat(door.form("/v1/models/bad/versions", operator, files("manifest", manifest))
                        .body())
                .contains("expected files manifest and artifact");
        assertThat(door.form(
                                "/v1/models/other/versions",
                                operator,
                                files("manifest", manifest, "artifact", good.artifact()))
                        .body())
                .contains("is of model bad, expected one of other");
        assertThat(door.send("POST", "/v1/models/bad/versions", "{}", operator).statusCode())
                .isEqualTo(415);
        assertThat(door.form("/v1/models/bad/versions", door.token(Role.ANALYST), files("manifest", manifest))
                        .statusCode())
                .isEqualTo(403);

        assertThat(get("/v1/models/bad").statusCode()).isEqualTo(404);
        assertThat(put("bad", "{\"champion\":\"1\"}", Map.of()).statusCode()).isEqualTo(404);
        assertThat(put("bad", "{\"champion\":7}", Map.of()).statusCode()).isEqualTo(400);
    }

    @Test
    void trained_isRegisteredWhereItBeatsTheBaselines_andJudgedByItsName(@TempDir Path folder) throws Exception {
        String token = operator.substring("Bearer ".length());
        Trainer trainer = new Trainer(folder, List.of("--url", door.url(), "--token", token));

        assertThat(trainer.registered("foreseen", true)).isZero();
        assertThat(trainer.registered("chance", false)).isEqualTo(1);
        assertThat(trainer.train("unregistered", true)).isZero();

        JsonNode foreseen = json(get("/v1/models/foreseen"));
        assertThat(foreseen.path("versions")).hasSize(1);
        assertThat(foreseen.at("/versions/0/sha256").asText())
                .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("foreseen/model.params")))
                        .hex());
        assertThat(foreseen.at("/versions/0/metrics/rocAuc").asDouble()).isGreaterThan(0.8);
        assertThat(foreseen.has("deployment")).isFalse();
        assertThat(get("/v1/models/chance").statusCode()).isEqualTo(404);
        assertThat(folder.resolve("chance")).doesNotExist();
        assertThat(get("/v1/models/unregistered").statusCode()).isEqualTo(404);

        assertThat(trainer.registered("chance", false, "--force")).isZero();
        assertThat(get("/v1/models/chance").statusCode()).isEqualTo(200);

        // No processor loads what nobody deployed; the judge reads it from the broker.
        assertThat(evaluate(folder, "foreseen@1")).isZero();
        JsonNode report = JSON.readTree(folder.resolve("report/report.json").toFile());
        assertThat(report.path("sha256")).isEqualTo(foreseen.at("/versions/0/sha256"));
        assertThat(report.at("/figures/0/interval/value").asDouble()).isGreaterThan(0.8);
        assertThat(evaluate(folder, "foreseen")).as("none is deployed").isEqualTo(1);
        assertThat(put("foreseen", "{\"champion\":\"1\"}", Map.of()).statusCode())
                .isEqualTo(200);
        assertThat(evaluate(folder, "foreseen")).as("the champion").isZero();
        assertThat(evaluate(folder, "foreseen@2")).isEqualTo(1);
        assertThat(Trainer.execute(List.of("evaluate", "foreseen@1", folder.toString(), "--kafka", "127.0.0.1:1")))
                .as("nothing to judge on")
                .isEqualTo(2);
    }

    private static int evaluate(Path folder, String model) {
        return Trainer.execute(List.of(
                "evaluate",
                model,
                folder.resolve("report").toString(),
                "--config",
                folder.resolve("foreseen.yaml").toString(),
                "--files",
                folder.toString(),
                "--kafka",
                stage.broker.bootstrap()));
    }

    @Test
    void largeModel_isTaken_thoughOthersLeftInTheMiddle_andItsStatusWatched() throws Exception {
        Pushed large = Pushed.of("large", "1", Uploads.padded("mlp.pt", MOST_BYTES));
        assertThat(large.artifact().length).isBetween(MOST_BYTES - 8_192, MOST_BYTES);

        // More of them than uploads that are taken at once.
        for (int i = 0; i < 5; i++) {
            Uploads.leaveInTheMiddle(door.port(), operator, large);
        }
        assertThat(get("/v1/models/large").statusCode()).isEqualTo(404);

        HttpResponse<String> taken = push(large, "");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        assertThat(json(taken).path("bytes").asInt()).isEqualTo(large.artifact().length);
        try (Printed.Running watch = Printed.whileRunning(status("large", "--watch"))) {
            watch.await("instance");
            assertThat(put("large", "{\"champion\":\"1\"}", Map.of()).statusCode())
                    .isEqualTo(200);
            watch.await("champion  serving");
        }
    }

    @Test
    void status_tellsOfEveryInstance_alsoOfOneThatCannotBeReached() throws Exception {
        ScoringStage.Instance other = stage.start("two", Map.of("processor.grpc.advertised", "127.0.0.1:1"));
        Printed status = ScoringStage.await("both are known", () -> {
            Printed printed = Printed.of(status("purchase-intent"));
            return printed.text().contains("127.0.0.1:1") ? printed : null;
        });

        assertThat(status.exitCode()).isZero();
        assertThat(status.text().lines())
                .anyMatch(line -> line.matches(".*127.0.0.1:" + processor.port() + " .* champion +serving .*"))
                .anyMatch(line -> line.matches(".*127.0.0.1:1 .* away +processor 127.0.0.1:1 does not answer.*"));
        other.close();
    }

    private static String[] status(String... more) {
        return Stream.concat(
                        Stream.of("models", "status", "--url", door.url(), "--token", operator.substring(7)),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static Map<String, byte[]> files(Object... pairs) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<Object> given = List.of(pairs);
        for (int i = 0; i < given.size(); i += 2) {
            files.put((String) given.get(i), (byte[]) given.get(i + 1));
        }
        return files;
    }
}
