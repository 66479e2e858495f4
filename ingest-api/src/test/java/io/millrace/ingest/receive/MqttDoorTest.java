package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.receive.MqttTalk.Packet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices are answered, by a door whose Kafka is not there. */
class MqttDoorTest {
    private static final int PACKET = 4_096;
    private static final int IN_FLIGHT = 8;

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(settings());
    }

    private static Map<String, String> settings() {
        return Map.of(
                "ingest.mqtt.enabled",
                "true",
                "ingest.mqtt.port",
                "0",
                "ingest.mqtt.packet-bytes",
                Integer.toString(PACKET),
                "ingest.mqtt.in-flight",
                Integer.toString(IN_FLIGHT));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void letsIn_whoeverHasAWriteKeyOrAToken(int version) throws IOException {
        String token = door.bearer(Role.PRODUCER).substring("Bearer ".length());

        assertThat(answer(version, OpenDoor.WRITE_KEY, null)).isZero();
        assertThat(answer(version, OpenDoor.WRITE_KEY, "")).isZero();
        assertThat(answer(version, OpenDoor.WRITE_KEY, "anything")).isZero();
        assertThat(answer(version, "thermometer", OpenDoor.WRITE_KEY)).isZero();
        assertThat(answer(version, OpenDoor.WRITE_KEY + "?SDK=Python&Version=1.2", null))
                .isZero();
        assertThat(answer(version, "thermometer", token)).isZero();
    }

    @Test
    void saysWhy_whereNobodyIsLetIn() throws IOException {
        String analyst = door.bearer(Role.ANALYST).substring("Bearer ".length());

        assertThat(answer(4, null, null)).isEqualTo(5);
        assertThat(answer(4, "x", "no.such.token")).isEqualTo(3);
        assertThat(answer(4, null, "no.such.token")).isEqualTo(5);
        assertThat(answer(4, "", "no.such.token")).isEqualTo(4);
        assertThat(answer(4, "", analyst)).isEqualTo(5);
        assertThat(answer(5, null, null)).isEqualTo(0x87);
        assertThat(answer(5, null, "no.such.token")).isEqualTo(0x86);
        assertThat(answer(5, null, analyst)).isEqualTo(0x87);
        // Whether it is a key nobody knows before they were read from Kafka.
        assertThat(answer(5, "wk_unknown", null)).isEqualTo(0x88);
        try (MqttTalk talk = talk(5)) {
            assertThat(talk.connect("c", null, analyst).text()).contains("events:write");
        }
    }

    @Test
    void namesWhoHasNoName_whereItAsksForNoSession() throws IOException {
        try (MqttTalk old = talk(4);
                MqttTalk keeps = talk(4);
                MqttTalk five = talk(5)) {
            assertThat(old.connect("", OpenDoor.WRITE_KEY, null).at(1)).isZero();

            keeps.send(0x10, keeps.connect(0, 60, "", OpenDoor.WRITE_KEY, null));
            assertThat(keeps.read().at(1)).isEqualTo(2);

            Packet welcome = five.connect("", OpenDoor.WRITE_KEY, null);
            assertThat(welcome.at(1)).isZero();
            // Receive Maximum, Maximum QoS 1, Assigned Client Identifier of 36 characters.
            assertThat(welcome.body()).containsSequence(0x21, 0, IN_FLIGHT).containsSequence(0x24, 1);
            assertThat(welcome.body()).containsSequence(0x12, 0, 36);
        }
    }

    @Test
    void remembersASession_ofWhoAsksForOne() throws IOException {
        for (int expected : new int[] {0, 1}) {
            try (MqttTalk talk = talk(4)) {
                talk.send(0x10, talk.connect(0, 60, "keeper", OpenDoor.WRITE_KEY, null));
                assertThat(talk.read().at(0)).isEqualTo(expected);
            }
        }
    }

    @Test
    void refusesSubscriptions_andAnswersPings() throws IOException {
        try (MqttTalk old = talk(4);
                MqttTalk five = talk(5)) {
            old.connect("s4", OpenDoor.WRITE_KEY, null);
            five.connect("s5", OpenDoor.WRITE_KEY, null);

            assertThat(old.subscribe("#").body()).containsExactly(0, 7, 0x80);
            assertThat(old.unsubscribe("#").body()).containsExactly(0, 8);
            assertThat(old.ping().head()).isEqualTo(MqttTalk.PINGRESP);
            Packet refusal = five.subscribe("#");
            assertThat(refusal.at(refusal.body().length - 1)).isEqualTo(0x87);
            assertThat(refusal.text()).contains("no subscriptions");
            assertThat(five.unsubscribe("#").body()).containsExactly(0, 8, 0, 0x11);
        }
    }

    @Test
    void cutsOff_whoSaysNothing() throws IOException {
        Map<String, String> hasty = new HashMap<>(settings());
        hasty.put("ingest.mqtt.connect-deadline", "1s");
        try (OpenDoor strict = new OpenDoor(hasty);
                MqttTalk silent = new MqttTalk(strict.ingest.mqttPort().orElseThrow(), 4);
                MqttTalk slow = new MqttTalk(strict.ingest.mqttPort().orElseThrow(), 4)) {
            slow.sendRaw(new byte[] {0x10, 20, 0, 4, 'M'});
            assertThat(silent.rest()).isEmpty();
            assertThat(slow.rest()).isEmpty();
        }
    }

    @Test
    void cutsOff_whatIsNoMqtt() throws IOException {
        try (MqttTalk web = talk(4);
                MqttTalk eager = talk(4);
                MqttTalk twice = talk(4);
                MqttTalk bridge = talk(0x84);
                MqttTalk quiet = talk(4)) {
            web.sendRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(web.rest()).isEmpty();
            eager.publish(1, 1, "events/x", "{}");
            assertThat(eager.rest()).isEmpty();
            twice.connect("t", OpenDoor.WRITE_KEY, null);
            twice.send(0x10, twice.connect(2, 60, "t", OpenDoor.WRITE_KEY, null));
            assertThat(twice.rest()).isEmpty();
            // A bridge of Mosquitto asks so first, and plainly when it is told that nobody understands.
            assertThat(bridge.connect("b", OpenDoor.WRITE_KEY, null).at(1)).isEqualTo(1);
            quiet.send(0x10, quiet.connect(2, 1, "q", OpenDoor.WRITE_KEY, null));
            assertThat(quiet.read().at(1)).isZero();
            assertThat(quiet.rest()).isEmpty();
        }
    }

    @Test
    void disconnects_withACode_whereTheClientUnderstandsOne() throws IOException {
        try (MqttTalk large = talk(5);
                MqttTalk twice = talk(5);
                MqttTalk alias = talk(5);
                MqttTalk first = talk(5);
                MqttTalk second = talk(4)) {
            large.connect("large", OpenDoor.WRITE_KEY, null);
            large.publish(0, 0, "events/x", "x".repeat(PACKET));
            assertDisconnected(large, 0x95);
            twice.connect("qos2", OpenDoor.WRITE_KEY, null);
            twice.publish(2, 1, "events/x", "{}");
            assertDisconnected(twice, 0x9b);
            alias.connect("alias", OpenDoor.WRITE_KEY, null);
            alias.publish(0, 0, "", "{}");
            assertDisconnected(alias, 0x94);
            first.connect("same", OpenDoor.WRITE_KEY, null);
            assertThat(second.connect("same", OpenDoor.WRITE_KEY, null).at(1)).isZero();
            assertDisconnected(first, 0x8e);
            assertThat(second.ping().head()).isEqualTo(MqttTalk.PINGRESP);
        }
    }

    @Test
    void acknowledgesNothing_andReadsNoMore_whileKafkaIsAway() throws IOException {
        try (MqttTalk talk = talk(4);
                MqttTalk flood = talk(4)) {
            talk.connect("patient", OpenDoor.WRITE_KEY, null);
            talk.publish(1, 1, "events/x", "{}");
            // It is alive all the same.
            assertThat(talk.ping().head()).isEqualTo(MqttTalk.PINGRESP);
            flood.send(0x10, flood.connect(2, 1, "flood", OpenDoor.WRITE_KEY, null));
            assertThat(flood.read().at(1)).isZero();
            for (int i = 1; i <= 10_000; i++) {
                flood.publish(0, 0, "events/x", "x".repeat(3_000));
            }
            fail("the door took everything");
        } catch (IOException full) {
            // Its socket's buffers took no more, and nobody read it until its keep-alive was over.
        }
        OpenDoor.until(() -> door.metric("millrace_ingest_mqtt_connections ") == 0);
        OpenDoor.until(() -> door.metric("millrace_ingest_mqtt_inflight ") == 0);
        OpenDoor.until(() -> door.metric("millrace_ingest_mqtt_paused ") == 0);
        // A read of the socket is the most that is held beyond the bound, and what its device was promised nothing for
        // is counted.
        assertThat(door.metric("millrace_ingest_mqtt_messages_total{outcome=\"dropped\"}"))
                .isBetween((double) IN_FLIGHT, 200.0);
        assertThat(door.metric("millrace_ingest_mqtt_messages_total{outcome=\"accepted\"}"))
                .isZero();
    }

    @Test
    void staysUp_whateverBytesCome() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            try (MqttTalk talk = talk(i % 2 == 0 ? 4 : 5)) {
                if (i % 3 != 0) {
                    talk.connect("fuzz" + i % 5, OpenDoor.WRITE_KEY, null);
                }
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                try {
                    talk.sendRaw(noise);
                    talk.sendRaw(noise);
                } catch (IOException closed) {
                    // As it may be.
                }
            }
        }
        assertThat(answer(4, OpenDoor.WRITE_KEY, null)).isZero();
    }

    @Test
    void sendsDevicesAway_whenItCloses() throws IOException {
        OpenDoor closing = new OpenDoor(settings());
        try (MqttTalk five = new MqttTalk(closing.ingest.mqttPort().orElseThrow(), 5)) {
            five.connect("five", OpenDoor.WRITE_KEY, null);

            closing.close();

            assertDisconnected(five, 0x8b);
        }
    }

    private static void assertDisconnected(MqttTalk talk, int code) throws IOException {
        Packet last = talk.read();
        assertThat(last.head()).isEqualTo(MqttTalk.DISCONNECT);
        assertThat(last.at(0)).isEqualTo(code);
        assertThat(talk.rest()).isEmpty();
    }

    private static int answer(int version, @Nullable String user, @Nullable String password) throws IOException {
        try (MqttTalk talk = talk(version)) {
            return talk.connect("c", user, password).at(1);
        }
    }

    private static MqttTalk talk(int version) throws IOException {
        return new MqttTalk(door.ingest.mqttPort().orElseThrow(), version);
    }
}
