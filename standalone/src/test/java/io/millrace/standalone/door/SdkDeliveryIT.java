package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.ingest.Ingest;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** SDKs of Segment and RudderStack as their makers publish them, and a device, through an outage and to the scores of what they sent. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SdkDeliveryIT {
    private static DoorStage stage;
    private static Vertx vertx;
    /** A door that soon finds out that its broker is away. */
    private static @Nullable Ingest fragile;

    private static @Nullable JavaSdk patient;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of());
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        if (patient != null) {
            patient.close();
        }
        if (fragile != null) {
            fragile.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        stage.close();
    }

    @Test
    void analyticsJava_posts() throws Exception {
        try (JavaSdk sdk = new JavaSdk(stage.uri("").toString(), "java")) {
            DoorStage.until(sdk::isDone);

            assertThat(sdk.failed()).isEmpty();
        }
        Map<String, Event> events = UserEvents.byId(stage);
        SdkCalls.assertAll(events, "java");
        assertThat(UserEvents.of(events, "java-track").context().toString()).contains("\"name\":\"analytics-java\"");
    }

    /** First, because the SDK for Java waits 15 seconds before it tries again; other tests pass meanwhile. */
    @Test
    @Order(1)
    void sdks_post_throughARestartOfTheBroker() throws Exception {
        ClientsIT.needNode();
        fragile = stage.anotherDoor(
                Map.of("ingest.kafka.delivery-timeout", "1s", "ingest.mqtt.enabled", "true", "ingest.mqtt.port", "0"));
        String url = "http://127.0.0.1:" + fragile.port();
        DoorStage.until(() -> SdkCalls.isReady(stage, url));
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        MqttClient device =
                MqttCalls.connect(vertx, fragile, new MqttClientOptions().setClientId("device"), acknowledged);
        stage.stopBroker();
        patient = new JavaSdk(url, "patient");
        Set<Integer> published = new HashSet<>();
        for (int i = 0; i < SdkCalls.VIEWS; i++) {
            published.add(
                    MqttCalls.publish(device, "events", SdkCalls.view("device-viewed-" + i, i), MqttQoS.AT_LEAST_ONCE));
        }
        List<CompletableFuture<Void>> running = List.of(
                CompletableFuture.runAsync(() -> SdkCalls.run("segment-node.js", url, "node")),
                CompletableFuture.runAsync(() -> SdkCalls.run("rudder-node.js", url, "rudder")));
        try {
            // They have been told to come again.
            DoorStage.until(() -> SdkCalls.unavailable(stage, url, "segmentBatch") >= 2
                    && SdkCalls.unavailable(stage, url, "segmentImport") >= 1
                    && SdkCalls.unavailable(stage, url, "mqtt") >= 2);
            // A device is told nothing, and asked for nothing: its door tries again.
            assertThat(acknowledged).isEmpty();
        } finally {
            stage.startBroker();
        }
        running.forEach(CompletableFuture::join);
        DoorStage.until(() -> acknowledged.equals(published));

        DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 200);
        Map<String, Event> events = UserEvents.byId(stage);
        SdkCalls.assertAll(events, "node");
        assertThat(UserEvents.of(events, "node-page").properties().toString()).contains("\"category\":\"Docs\"");
        assertThat(UserEvents.of(events, "node-last").anonymousId()).isEqualTo("a2");
        SdkCalls.assertAll(events, "rudder");
        assertThat(UserEvents.of(events, "rudder-alias").userId()).isEqualTo("7");
    }

    @Test
    void analyticsJs_posts_fromAPageOfAnotherOrigin(@TempDir Path folder) throws Exception {
        visit(folder, "page.html", "browser-user", 8);

        List<Event> events = UserEvents.ofUser(stage, "browser-user");
        assertThat(events.stream().map(Event::kind)).contains(SdkCalls.KINDS);
        assertThat(events)
                .anyMatch(event -> "product_viewed".equals(event.name())
                        && event.properties().toString().equals("{\"price\":35.79}"));
        // By sendBeacon, when the page was left.
        assertThat(events).anyMatch(event -> event.id().value().equals("browser-beacon"));
    }

    @Test
    void rudderJs_posts_fromAPageOfAnotherOrigin(@TempDir Path folder) throws Exception {
        visit(folder, "rudder.html", "rudder-page-user", 5);

        assertThat(UserEvents.ofUser(stage, "rudder-page-user"))
                .anyMatch(event -> "product_viewed".equals(event.name())
                        && event.properties().toString().contains("\"price\":35.79"))
                .anyMatch(event -> event.kind() == EventKind.IDENTIFY
                        && event.traits().toString().contains("\"plan\":\"member\""))
                .anyMatch(event -> event.kind() == EventKind.PAGE && "Home".equals(event.name()))
                .anyMatch(event -> event.kind() == EventKind.GROUP);
    }

    /** Opens a page of another origin until so many events of its user are there. */
    private static void visit(Path folder, String name, String user, int events) throws Exception {
        ClientsIT.needNode();
        Optional<String> browser = BrowserPage.browser();
        assumeTrue(browser.isPresent(), "Left out: no Chromium or Chrome is on this machine");
        try (BrowserPage page = new BrowserPage(stage.uri(""))) {
            page.visit(
                    browser.get(),
                    folder,
                    name,
                    () -> UserEvents.ofUser(stage, user).size() >= events);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whatSdksReportAsSent_isScoredOnce(@TempDir Path folder) throws Exception {
        assumeTrue(patient != null, "Left out: node and npm are not on this machine");
        JavaSdk waited = Objects.requireNonNull(patient);

        try (Scores scores = new Scores(stage, folder)) {
            DoorStage.until(waited::isDone);
            assertThat(waited.failed()).isEmpty();
            SdkCalls.assertAll(UserEvents.byId(stage), "patient");
            Map<String, Integer> byEvent = scores.byEvent();

            for (String prefix : List.of("java", "patient", "node", "rudder")) {
                assertThat(byEvent).containsEntry(prefix + "-track", 1);
            }
            for (String prefix : List.of("java", "patient", "node", "rudder", "device")) {
                for (int i = 0; i < SdkCalls.VIEWS; i++) {
                    assertThat(byEvent).containsEntry(prefix + "-viewed-" + i, 1);
                }
            }
            assertThat(byEvent.values()).containsOnly(1);
        }
    }
}
