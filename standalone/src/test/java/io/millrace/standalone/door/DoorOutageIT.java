package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.topic.Topic;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away and comes back. */
class DoorOutageIT {
    private static final int FLOOD = 1_000;
    private static final int EVENTS_PER_REQUEST = 100;
    private static final String BODY =
            "[" + String.join(",", Collections.nCopies(EVENTS_PER_REQUEST, event("flood"))) + "]";
    private static final long KEPT_WOULD_SHOW = 48L << 20;

    @Test
    void answers503WithRetryAfter_andServesAgainByItself(@TempDir Path folder) {
        try (DoorStage stage = new DoorStage(folder, withTimeouts(Map.of("ingest.kafka.buffer-bytes", "4194304")))) {
            DoorStage.until(() -> stage.postJson(event("before")).statusCode() == 202);

            stage.stopBroker();
            HttpResponse<String> during = stage.postJson(event("during"));

            assertThat(during.statusCode()).isEqualTo(503);
            assertThat(during.body()).contains("\"code\":\"unavailable\"");
            assertThat(during.headers().firstValue("Retry-After")).hasValue("1");
            DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 503);
            assertThat(stage.get("/readyz", null).body()).contains("\"kafka\":{\"status\":\"not_ready\"");

            // The first flood fills the producer's buffer; the next may keep nothing. The client is in this heap
            // too, with up to a thousand connections of some 16 KiB, so there is more to keep than those take.
            flood(stage);
            long heapBefore = usedHeap();
            Set<Integer> statuses = new HashSet<>();
            long posted = 0;
            while (posted < KEPT_WOULD_SHOW) {
                List<Integer> answers = flood(stage);
                statuses.addAll(answers);
                posted += (long) answers.size() * BODY.length();
            }

            assertThat(statuses).isSubsetOf(Set.of(429, 503));
            // A refusal arrives while the client still sends; what that takes goes with the end of the body.
            DoorStage.until(() -> usedHeap() - heapBefore < KEPT_WOULD_SHOW / 4);

            stage.startBroker();
            DoorStage.until(() -> stage.postJson(event("after")).statusCode() == 202);
            DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 200);
            assertThat(stage.records(Topic.USER_EVENTS).stream()
                            .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                            .filter(text -> text.contains("\"before\"") || text.contains("\"after\"")))
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void losesReadinessWithTheBroker_andIsReadyWhenItCame(@TempDir Path folder) {
        try (DoorStage stage = new DoorStage(folder, withTimeouts(Map.of()))) {
            stage.stopBroker();
            DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 503);
            stage.startBroker();
            DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 200);

            DoorStage.until(() -> stage.postJson(event("e")).statusCode() == 202);
        }
    }

    @Test
    void answersWhatIsInFlight_whenTheDoorCloses(@TempDir Path folder) {
        // So long does the producer hold the event back that the door closes while its answer is due.
        DoorStage stage = new DoorStage(folder, Map.of("ingest.kafka.linger", "1s", "ingest.http.drain", "30s"));
        CompletableFuture<HttpResponse<String>> answer =
                stage.client.sendAsync(request(stage, event("last")), BodyHandlers.ofString());
        DoorStage.until(() -> stage.metric("millrace_ingest_inflight_requests ") > 0);

        stage.close();

        assertThat(answer.join().statusCode()).isEqualTo(202);
    }

    /** As short as a user's: what is tried here is how an outage is told. */
    private static Map<String, String> withTimeouts(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("ingest.kafka.delivery-timeout", "4s");
        all.put("ingest.http.request-deadline", "5s");
        return all;
    }

    /** All at once: what the door cannot take in, it must refuse, not keep. */
    private static List<Integer> flood(DoorStage stage) {
        HttpRequest request = request(stage, BODY);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            answers.add(stage.client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::statusCode));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static HttpRequest request(DoorStage stage, String body) {
        return HttpRequest.newBuilder(stage.uri("/v1/events"))
                .header("Authorization", DoorStage.BASIC)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static String event(String id) {
        return "{\"id\":\"" + id + "\",\"userId\":\"u\",\"name\":\"x\",\"properties\":{\"text\":\"" + "x".repeat(200)
                + "\"}}";
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
