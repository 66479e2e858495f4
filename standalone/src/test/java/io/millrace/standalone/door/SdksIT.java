package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.MessageBuilder;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.authorize.Role;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SDKs of Segment and RudderStack as their makers publish them, against a running door. */
class SdksIT {
    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void analyticsJava_posts() throws Exception {
        ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
        Analytics analytics = Analytics.builder(DoorStage.WRITE_KEY)
                .endpoint(stage.uri("").toString())
                .flushQueueSize(4)
                .flushInterval(1, TimeUnit.SECONDS)
                .callback(new Callback() {
                    @Override
                    public void success(Message message) {
                        sent.add(message.messageId());
                    }

                    @Override
                    public void failure(Message message, Throwable throwable) {
                        failed.add(throwable);
                    }
                })
                .build();
        List<MessageBuilder<?, ?>> messages = List.of(
                IdentifyMessage.builder().traits(Map.of("plan", "member")).messageId("java-identify"),
                TrackMessage.builder("product_viewed")
                        .properties(Map.of("price", 35.79))
                        .messageId("java-track"),
                PageMessage.builder("Home").messageId("java-page"),
                ScreenMessage.builder("Basket").messageId("java-screen"),
                GroupMessage.builder("g1").messageId("java-group"),
                AliasMessage.builder("a1").messageId("java-alias"));
        for (MessageBuilder<?, ?> message : messages) {
            message.userId("java-user");
            analytics.enqueue(message);
        }
        analytics.flush();
        DoorStage.until(() -> sent.size() + failed.size() == messages.size());
        analytics.shutdown();

        assertThat(failed).isEmpty();
        assertAllCalls("java");
        assertThat(event("java-track").context().toString()).contains("\"name\":\"analytics-java\"");
    }

    @Test
    void nodeSdks_post_throughARestartOfTheBroker() throws Exception {
        ClientsIT.needNode();
        try (Ingest door = stage.anotherDoor(Map.of("ingest.kafka.delivery-timeout", "1s"))) {
            String url = "http://127.0.0.1:" + door.port();
            DoorStage.until(() -> read(url, "/readyz").statusCode() == 200);
            stage.stopBroker();
            List<CompletableFuture<Void>> running = List.of(
                    CompletableFuture.runAsync(() -> runScript("segment-node.js", url, "node")),
                    CompletableFuture.runAsync(() -> runScript("rudder-node.js", url, "rudder")));
            try {
                // They have been told to come again.
                DoorStage.until(() -> unavailable(url) >= 2);
            } finally {
                stage.startBroker();
            }
            running.forEach(CompletableFuture::join);
        }

        DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 200);
        assertAllCalls("node");
        assertThat(event("node-page").properties().toString()).contains("\"category\":\"Docs\"");
        assertThat(event("node-last").anonymousId()).isEqualTo("a2");
        assertAllCalls("rudder");
        assertThat(event("rudder-alias").userId()).isEqualTo("7");
    }

    /** Requests of SDKs that were answered with 503. */
    private static double unavailable(String url) {
        return read(url, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("millrace_ingest_requests_total{")
                        && line.contains("segmentBatch")
                        && line.contains("\"unavailable\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static HttpResponse<String> read(String url, String path) {
        return stage.send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", stage.bearer(Role.OPERATOR))
                .build());
    }

    private static Event event(String id) throws Exception {
        return UserEvents.of(stage, id);
    }

    private static void assertAllCalls(String by) throws Exception {
        for (EventKind kind : List.of(
                EventKind.IDENTIFY,
                EventKind.TRACK,
                EventKind.PAGE,
                EventKind.SCREEN,
                EventKind.GROUP,
                EventKind.ALIAS)) {
            assertThat(event(by + "-" + kind.text()).kind()).isEqualTo(kind);
        }
        assertThat(event(by + "-identify").traits()).hasToString("{\"plan\":\"member\"}");
        assertThat(event(by + "-track").name()).isEqualTo("product_viewed");
        assertThat(event(by + "-track").properties()).hasToString("{\"price\":35.79}");
        assertThat(event(by + "-page").name()).isEqualTo("Home");
        assertThat(event(by + "-group").context().toString()).contains("\"groupId\":\"g1\"");
        assertThat(event(by + "-alias").context().toString()).contains("\"previousId\":\"a1\"");
        assertThat(event(by + "-track").times().original()).isNotNull();
        assertThat(event(by + "-track").times().sent()).isNotNull();
    }

    private static void runScript(String name, String url, String prefix) {
        try {
            ClientsIT.needNode();
            Path script = ClientsIT.NODE.resolve(name);
            Files.copy(ClientsIT.SOURCES.resolve(name), script, StandardCopyOption.REPLACE_EXISTING);
            ClientsIT.run(ClientsIT.NODE, List.of("node", script.toString(), url, DoorStage.WRITE_KEY, prefix));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
