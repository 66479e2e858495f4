package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that speak MQTT, by clients that others wrote, against the door of {@link ProducersIT}; their outage is in {@link SdkDeliveryIT}. */
abstract class MqttTests {
    private static final Path PRODUCERS = Path.of("../docs/producers.md");
    private static final int DEVICES = 1_000;
    /** What a door takes a connection to cost; see ingest.mqtt.connections. */
    private static final long MOST_HEAP = 64 * 1024;

    private static Vertx vertx;

    private final DoorStage stage = ProducersIT.stage();

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void acknowledgesWhatIsOnTheBroker_andWhatIsOnDeadLetters() throws Exception {
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        MqttClient client =
                MqttCalls.connect(vertx, stage.ingest, new MqttClientOptions().setClientId("java"), acknowledged);

        int good = MqttCalls.publish(client, "devices/t-1/events/read", "{\"celsius\":21.50}", MqttQoS.AT_LEAST_ONCE);
        int bad = MqttCalls.publish(client, "devices/t-1/events/read", "{21 degrees}", MqttQoS.AT_LEAST_ONCE);
        int nowhere = MqttCalls.publish(client, "elsewhere", "{}", MqttQoS.AT_LEAST_ONCE);
        int twice = MqttCalls.publish(client, "events", "{\"id\":\"mq-2\",\"name\":\"read\"}", MqttQoS.EXACTLY_ONCE);
        DoorStage.until(() -> acknowledged.containsAll(Set.of(good, bad, nowhere, twice)));
        MqttCalls.publish(client, "events", "{\"id\":\"mq-0\",\"name\":\"read\"}", MqttQoS.AT_MOST_ONCE);
        client.disconnect().toCompletionStage().toCompletableFuture().join();

        DoorStage.until(() -> ids().contains("mq-0"));
        Map<String, Event> events = UserEvents.byId(stage);
        assertThat(UserEvents.of(events, "mq-2").anonymousId()).isEqualTo("java");
        assertThat(events.values())
                .anyMatch(event -> "t-1".equals(event.anonymousId())
                        && "{\"celsius\":21.50}".equals(String.valueOf(event.properties())));
        List<DeadLetter> letters = stage.deadLetters();
        assertThat(letters)
                .anyMatch(letter -> letter.reason() == Reason.INVALID_JSON
                        && new String(letter.payload(), StandardCharsets.UTF_8).equals("{21 degrees}"));
        assertThat(letters).anyMatch(letter -> letter.detail().startsWith("the topic: given elsewhere, expected"));
    }

    @Test
    void takesWhatIsSentAgain_asTheSameEvent_andPublishesTheWillOfWhoIsLost() throws Exception {
        Set<Integer> first = ConcurrentHashMap.newKeySet();
        MqttClientOptions options = new MqttClientOptions()
                .setClientId("again")
                .setCleanSession(false)
                .setWillFlag(true)
                .setWillTopic("events/lost")
                .setWillMessageBytes(Buffer.buffer("{\"id\":\"of-will\"}"));
        MqttClient lost = MqttCalls.connect(vertx, stage.ingest, options, first);
        int id = MqttCalls.publish(lost, "events/counted", "{\"again\":1}", MqttQoS.AT_LEAST_ONCE);
        DoorStage.until(() -> first.contains(id));

        Set<Integer> second = ConcurrentHashMap.newKeySet();
        MqttClient back = MqttCalls.connect(vertx, stage.ingest, options, second);
        back.publish(id, "events/counted", Buffer.buffer("{\"again\":1}"), MqttQoS.AT_LEAST_ONCE, true, false);
        DoorStage.until(() -> second.contains(id));
        int other = MqttCalls.publish(back, "events/counted", "{\"again\":1}", MqttQoS.AT_LEAST_ONCE);
        DoorStage.until(() -> second.contains(other));
        back.disconnect().toCompletionStage().toCompletableFuture().join();

        List<String> counted = new ArrayList<>();
        for (Event event : all()) {
            if ("counted".equals(event.name())) {
                counted.add(event.id().value());
            }
        }
        assertThat(counted).hasSize(3);
        assertThat(counted.get(1)).isEqualTo(counted.get(0));
        assertThat(counted.get(2)).isNotEqualTo(counted.get(0));
        // The first connection was taken over; the second said goodbye.
        DoorStage.until(() -> all().stream().anyMatch(event -> "lost".equals(event.name())));
        assertThat(all().stream().filter(event -> "lost".equals(event.name()))).hasSize(1);
    }

    @Test
    void exampleOfTheDocs_publishes() throws Exception {
        assumeTrue(
                ClientsIT.isThere("bash")
                        && new ProcessBuilder("bash", "-c", "command -v mosquitto_pub")
                                        .start()
                                        .waitFor()
                                == 0,
                "Left out: mosquitto_pub (package mosquitto-clients) is not on this machine");
        List<String> example = Files.readAllLines(PRODUCERS).stream()
                .dropWhile(line -> !line.contains("mosquitto_pub "))
                .takeWhile(line -> line.startsWith("    "))
                .toList();
        String start = "MILLRACE_HOST=127.0.0.1 MILLRACE_MQTT_PORT=" + MqttCalls.port(stage.ingest) + " WRITE_KEY="
                + DoorStage.WRITE_KEY + "; ";

        ClientsIT.run(Path.of("."), List.of("bash", "-c", start + String.join("\n", example)));
        ClientsIT.run(
                Path.of("."),
                List.of(
                        "bash",
                        "-c",
                        start + "set -e; to() { mosquitto_pub -h $MILLRACE_HOST -p $MILLRACE_MQTT_PORT \"$@\"; }\n"
                                + "to -u any -P $WRITE_KEY -t events -q 0 -m '{\"id\":\"mosquitto-0\",\"name\":\"x\"}'\n"
                                + "to -u $WRITE_KEY -V mqttv5 -r -t events -q 1 -m '{\"id\":\"mosquitto-5\",\"name\":\"x\"}'\n"
                                + "to -u $WRITE_KEY -V mqttv31 -t events -q 1 -m '{\"id\":\"mosquitto-31\",\"name\":\"x\"}'\n"
                                + "to -u $WRITE_KEY -t events -q 2 -m '{\"id\":\"mosquitto-2\",\"name\":\"x\"}'\n"
                                + "! to -u wk_none -t events -q 1 -m '{}'"));

        DoorStage.until(() -> ids().contains("mosquitto-0"));
        assertThat(ids()).contains("mosquitto-0", "mosquitto-5", "mosquitto-31", "mosquitto-2");
        assertThat(all()).anyMatch(event -> "thermometer-1".equals(event.anonymousId()));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void mqttJs_publishes(int version) throws Exception {
        ClientsIT.needNode();
        Path script = ClientsIT.NODE.resolve("mqtt-js.js");
        Files.copy(ClientsIT.SOURCES.resolve("mqtt-js.js"), script, StandardCopyOption.REPLACE_EXISTING);
        String prefix = "mqttjs" + version;

        ClientsIT.run(
                ClientsIT.NODE,
                List.of(
                        "node",
                        script.toString(),
                        Integer.toString(MqttCalls.port(stage.ingest)),
                        DoorStage.WRITE_KEY,
                        prefix,
                        Integer.toString(version)));

        DoorStage.until(() -> all().stream()
                .anyMatch(event -> "gone".equals(event.name())
                        && String.valueOf(event.properties()).contains(prefix)));
        Set<String> ids = ids();
        for (int i = 0; i < 300; i++) {
            assertThat(ids).contains(prefix + "-event-" + i);
        }
        assertThat(ids).contains(prefix + "-last");
        if (version == 5) {
            assertThat(ids).contains(prefix + "-property", prefix + "-alias-0", prefix + "-alias-2");
        } else {
            assertThat(ids).contains(prefix + "-qos2");
        }
    }

    @Test
    void holdsAThousandDevices_inBoundedHeap(TestReporter reporter) throws IOException {
        List<Socket> devices = new ArrayList<>();
        try {
            devices.add(MqttCalls.device(stage.ingest, 0));
            long before = MqttCalls.usedHeap();
            for (int i = 1; i < DEVICES; i++) {
                devices.add(MqttCalls.device(stage.ingest, i));
            }
            DoorStage.until(() -> stage.metric("millrace_ingest_mqtt_connections ") >= DEVICES);
            long each = (MqttCalls.usedHeap() - before) / DEVICES;
            // Its client's socket included, which is in this heap too.
            reporter.publishEntry("heap bytes a connected device", Long.toString(each));

            assertThat(each).isLessThan(MOST_HEAP);
            for (Socket device : devices) {
                device.getOutputStream().write(new byte[] {(byte) 0xc0, 0});
            }
            for (Socket device : devices) {
                assertThat(new DataInputStream(device.getInputStream()).readUnsignedShort())
                        .isEqualTo(0xd000);
            }
        } finally {
            for (Socket device : devices) {
                device.close();
            }
        }
        DoorStage.until(() -> stage.metric("millrace_ingest_mqtt_connections ") < DEVICES);
    }

    private Set<String> ids() {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        all().forEach(event -> ids.add(event.id().value()));
        return ids;
    }

    private List<Event> all() {
        return UserEvents.all(stage);
    }
}
