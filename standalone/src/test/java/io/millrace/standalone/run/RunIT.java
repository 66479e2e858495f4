package io.millrace.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Traceparent;
import io.millrace.standalone.cli.Millrace;
import io.millrace.standalone.data.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace run} as its user meets it: start, post, read, kill, start again, stop. */
class RunIT {
    private static final String READY = "Ctrl-C drains";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void keepsWhatWasAccepted_whenKilledAndStartedAgain(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        String[] run = {
            "run",
            "--port",
            "0",
            "--kafka-port",
            "0",
            "--postgres-port",
            "0",
            "--data",
            data.toString(),
            "--set",
            "topics.partitions=3"
        };

        ChildMillrace first = ChildMillrace.start(folder.resolve("first.out"), run);
        first.await(READY);
        Credentials credentials = Credentials.read(data);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("credentials.json"))))
                .isEqualTo("rw-------");
        assertThat(first.output())
                .contains(credentials.url(), credentials.writeKey(), credentials.kafka(), credentials.postgres());
        assertThat(get(credentials.url() + "/readyz", null).statusCode()).isEqualTo(200);
        postUntilAccepted(credentials, "e1");
        awaitPrediction(credentials, "e1");

        ChildMillrace second = ChildMillrace.start(folder.resolve("second.out"), run);
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.output()).contains("already runs on " + data);

        postUntilAccepted(credentials, "e2");
        first.kill();
        ChildMillrace again = ChildMillrace.start(folder.resolve("again.out"), run);
        again.await(READY);
        Credentials after = Credentials.read(data);
        assertThat(after.writeKey()).isEqualTo(credentials.writeKey());
        awaitPrediction(after, "e1");
        awaitPrediction(after, "e2");
        // A token of the start before is still taken.
        assertThat(get(after.url() + "/v1/predictions", credentials.tokens().analyst())
                        .statusCode())
                .isEqualTo(200);
        tellsThatItWasScored(after, "e2");
        replayTwice(folder, data);
        followsATrace(folder, data, after);
        StoredScores.areVerified(data, after);
        new Erased(folder, data, after).isFoundNowhere_andBeginsAfresh();

        assertThat(again.interrupt()).isZero();
        assertThat(again.output()).endsWith("Stopped.\n");
        assertThat(data.resolve("postgres/cluster/postmaster.pid")).doesNotExist();
    }

    private static void tellsThatItWasScored(Credentials credentials, String event) throws Exception {
        HttpResponse<String> answer = get(
                credentials.url() + "/v1/events/" + event, credentials.tokens().analyst());
        JsonNode told = JSON.readTree(answer.body());
        assertThat(told.path("status").asText()).as(answer.body()).isEqualTo("scored");
        assertThat(told.path("predictions").path(0).path("eventId").asText()).isEqualTo(event);
        assertThat(told.path("occurrences").path(0).path("outcome").asText()).isEqualTo("accepted");
    }

    /** What the door, the processor and the store told of a sampled event, found by its trace and by its id. */
    private static void followsATrace(Path folder, Path data, Credentials credentials) throws Exception {
        Traceparent caller = Traceparent.begin(true);
        assertThat(post(credentials, "followed", caller.value())).isEqualTo(202);
        awaitPrediction(credentials, "followed");
        for (String line : Files.readAllLines(data.resolve("logs/millrace.log"))) {
            assertThat(JSON.readTree(line).fieldNames())
                    .toIterable()
                    .containsExactly("timestamp", "level", "service", "trace_id", "span_id", "message", "context");
        }
        for (String id : List.of(caller.traceId(), "followed")) {
            ChildMillrace trace =
                    ChildMillrace.start(folder.resolve("trace.out"), "trace", id, "--data", data.toString());
            assertThat(trace.exitCode()).as(trace.output()).isZero();
            assertThat(trace.output())
                    .contains(
                            "Span: receive publishEvents",
                            "Span: publish",
                            "Span: score",
                            "Span: store",
                            "Prediction ");
        }
        ChildMillrace none =
                ChildMillrace.start(folder.resolve("none.out"), "trace", "nobody", "--data", data.toString());
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.output()).contains("Nothing about nobody");
    }

    /** The command posts the file; what is posted again is a duplicate, not a second prediction. */
    private static void replayTwice(Path folder, Path data) throws Exception {
        Path file = folder.resolve("events.ndjson");
        String[] simulate = {
            "simulate", "--out", file.toString(), "--duration", "20s", "--start", "2026-01-01T00:00:00Z"
        };
        assertThat(Millrace.execute(simulate)).isZero();
        ChildMillrace once =
                ChildMillrace.start(folder.resolve("replay.out"), "replay", file.toString(), "--data", data.toString());
        assertThat(once.exitCode()).isZero();
        long lines = Files.readAllLines(file).size();
        assertThat(once.output()).contains(lines + " accepted, 0 refused");
        ChildMillrace topics = ChildMillrace.start(folder.resolve("topics.out"), "topics", "--data", data.toString());
        assertThat(topics.exitCode()).isZero();
        assertThat(topics.output())
                .contains("user-events", "predictions", "millrace-processor", "millrace-store")
                .contains("3 partitions on user-events", "running", "0-2", "predictions, connected");
    }

    private static void awaitPrediction(Credentials credentials, String event) throws Exception {
        long giveUpAt = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            HttpResponse<String> answer = get(
                    credentials.url() + "/v1/users/u1/predictions",
                    credentials.tokens().analyst());
            for (JsonNode prediction : JSON.readTree(answer.body()).path("predictions")) {
                if (prediction.path("eventId").asText().equals(event)) {
                    return;
                }
            }
            assertThat(System.nanoTime())
                    .as("no prediction of %s in %s", event, answer.body())
                    .isLessThan(giveUpAt);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** As an SDK does: a 503 of a busy machine's broker is worth a retry, with the same id. */
    private static void postUntilAccepted(Credentials credentials, String id) throws Exception {
        long giveUpAt = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        int status = post(credentials, id);
        while (status == 503 && System.nanoTime() < giveUpAt) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            status = post(credentials, id);
        }
        assertThat(status).isEqualTo(202);
    }

    private static int post(Credentials credentials, String id) throws IOException, InterruptedException {
        return post(credentials, id, Traceparent.begin().value());
    }

    private static int post(Credentials credentials, String id, String traceparent)
            throws IOException, InterruptedException {
        String basic =
                Base64.getEncoder().encodeToString((credentials.writeKey() + ":").getBytes(StandardCharsets.UTF_8));
        String body = "{\"id\":\"" + id + "\",\"userId\":\"u1\",\"name\":\"product_viewed\","
                + "\"properties\":{\"product_id\":\"p1\",\"price\":19.9}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(credentials.url() + "/v1/events"))
                .header("authorization", "Basic " + basic)
                .header("content-type", "application/json")
                .header("traceparent", traceparent)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static HttpResponse<String> get(String url, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
