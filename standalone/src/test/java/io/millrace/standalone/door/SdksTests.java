package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.topic.Topic;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What SDKs of others send, sent by hand, and the examples of docs/producers.md, against the door of {@link ProducersIT}; the SDKs themselves are in {@link SdkDeliveryIT}. */
abstract class SdksTests {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DoorStage stage = ProducersIT.stage();

    @Test
    void takesTheGoodAndNamesTheBad_inABatchOfABrowser() throws Exception {
        String batch = """
                {"batch":[{"type":"track","userId":"u1","event":"seen","messageId":"sg-1","sentAt":"2026-01-31T12:00:01.000Z"},
                 {"type":"track","userId":"u1","messageId":"sg-2"},{"type":"page","anonymousId":"a","messageId":"sg-3"}],
                 "context":{"library":{"name":"x"}},"writeKey":"%s"}""".formatted(DoorStage.WRITE_KEY);

        HttpResponse<String> answer = stage.send(HttpRequest.newBuilder(stage.uri("/v1/b/"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(batch))
                .build());

        JsonNode body = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(body.path("success").asBoolean()).isTrue();
        assertThat(body.path("refused")).hasSize(1);
        assertThat(body.at("/refused/0/messageId").asText()).isEqualTo("sg-2");
        assertThat(body.at("/refused/0/code").asText()).isEqualTo("missing_field");
        assertThat(UserEvents.byId(stage)).containsKeys("sg-1", "sg-3").doesNotContainKey("sg-2");
        DeadLetter letter = stage.deadLetters().stream()
                .filter(refused -> "sg-2".equals(refused.eventId()))
                .findFirst()
                .orElseThrow();
        assertThat(letter.reason()).isEqualTo(Reason.MISSING_FIELD);
        // In the form that a redrive reads.
        assertThat(new String(letter.payload(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"id\":\"sg-2\",\"userId\":\"u1\",\"kind\":\"track\",\"context\":{\"library\":{\"name\":\"x\"}}}");
    }

    @Test
    void answers400_whenNothingIsGood_andKeepsNoKey() throws Exception {
        String large = "{\"userId\":\"u\",\"event\":\"e\",\"messageId\":\"sg-large\",\"writeKey\":\""
                + DoorStage.WRITE_KEY + "\",\"properties\":{\"x\":\"" + "x".repeat(40_000) + "\"}}";

        HttpResponse<String> answer = stage.send(HttpRequest.newBuilder(stage.uri("/v1/track"))
                .POST(BodyPublishers.ofString(large))
                .build());

        DoorStage.assertProblem(answer, 400, "all_refused");
        assertThat(answer.body()).contains("sg-large").contains("event_too_large");
        assertThat(stage.records(Topic.DEAD_LETTERS))
                .noneMatch(letter -> new String(letter.value(), StandardCharsets.UTF_8).contains(DoorStage.WRITE_KEY));
    }

    @Test
    void refusesAKeyThatIsNone_whereverItStands() throws Exception {
        String body = "{\"userId\":\"u\",\"event\":\"e\",\"writeKey\":\"wk_none\"}";
        String basic = "Basic " + Base64.getEncoder().encodeToString("wk_none:".getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> inBody = stage.send(HttpRequest.newBuilder(stage.uri("/v1/track"))
                .POST(BodyPublishers.ofString(body))
                .build());
        HttpResponse<String> inHeader = stage.send(HttpRequest.newBuilder(stage.uri("/v1/track"))
                .header("Authorization", basic)
                .POST(BodyPublishers.ofString(body.replace("wk_none", DoorStage.WRITE_KEY)))
                .build());

        DoorStage.assertProblem(inBody, 401, "unauthenticated");
        DoorStage.assertProblem(inHeader, 401, "unauthenticated");
    }

    @Test
    void takesGzipThatIsCalledAForm_andAPixel() throws Exception {
        byte[] packed = DoorStage.gzip(new ByteArrayInputStream(
                "{\"userId\":\"u\",\"event\":\"e\",\"messageId\":\"sg-gzip\"}".getBytes(StandardCharsets.UTF_8)));
        String pixel = Base64.getUrlEncoder()
                .encodeToString(("{\"userId\":\"u\",\"event\":\"opened\",\"messageId\":\"sg-pixel\",\"writeKey\":\""
                                + DoorStage.WRITE_KEY + "\"}")
                        .getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> form = stage.send(HttpRequest.newBuilder(stage.uri("/v1/t"))
                .header("Authorization", DoorStage.BASIC)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed))
                .build());
        HttpResponse<byte[]> image = stage.client.send(
                HttpRequest.newBuilder(stage.uri("/v1/pixel/track?data=" + pixel))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(form.body()).isEqualTo("{\"success\":true}");
        assertThat(image.statusCode()).isEqualTo(200);
        assertThat(image.headers().firstValue("content-type")).hasValue("image/gif");
        assertThat(new String(image.body(), StandardCharsets.ISO_8859_1)).startsWith("GIF89a");
        assertThat(UserEvents.byId(stage)).containsKeys("sg-gzip", "sg-pixel");
    }

    /** Of one request after the other, and the topic is read once: its reader takes most of the time. */
    @Test
    void trafficOfFurtherProducers_isTaken() throws Exception {
        List<Traffic> traffic = new ArrayList<>();
        for (Path file : Traffic.files()) {
            traffic.add(Traffic.read(file));
        }

        for (Traffic one : traffic) {
            one.send(stage);
        }

        Map<String, Event> events = UserEvents.byId(stage);
        assertThat(traffic).hasSizeGreaterThan(15).allSatisfy(one -> one.assertEvents(events));
    }

    @Test
    void examplesOfTheDocs_post() throws Exception {
        DocExamples.run(stage);

        assertThat(UserEvents.byId(stage)).containsKeys(DocExamples.IDS);
    }

    @Test
    void openTelemetrySdks_export() throws Exception {
        OtelCalls.export(stage);
        OtelCalls.assertExported(UserEvents.byId(stage));
        SdkCalls.run("otel-node.js", stage.uri("").toString(), "otel-node");

        OtelCalls.assertExportedByNode(UserEvents.byId(stage), "otel-node");
    }
}
