package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.receive.MqttTalk.Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a door keeps of devices, for how long and how much of it, while its Kafka is not there. */
class MqttBoundsTest {
    private static final int SESSION_EXPIRY = 0x11;
    private static final int MAXIMUM_PACKET_SIZE = 0x27;
    private static final int REASON_STRING = 0x1f;

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of(
                "ingest.mqtt.enabled", "true",
                "ingest.mqtt.port", "0",
                "ingest.mqtt.packet-bytes", "4096",
                "ingest.mqtt.waiting-bytes", "20000"));
    }

    @BeforeEach
    void waitUntilNobodyIsLeft() {
        OpenDoor.until(() -> door.metric("millrace_ingest_mqtt_connections ") == 0
                && door.metric("millrace_ingest_mqtt_inflight ") == 0);
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void sendsAway_whoFillsTheMemoryOfAll_andTakesOthersWhenTheyAreGone() throws IOException {
        for (int round = 1; round <= 2; round++) {
            try (MqttTalk first = talk(5);
                    MqttTalk second = talk(5);
                    MqttTalk old = talk(4)) {
                first.connect("first", OpenDoor.WRITE_KEY, null);
                second.connect("second", OpenDoor.WRITE_KEY, null);
                old.connect("old", OpenDoor.WRITE_KEY, null);
                // Twice 3,000 bytes: as they came, and as the event that waits.
                first.publish(1, 1, "events/x", "1".repeat(3_000));
                first.publish(1, 2, "events/x", "2".repeat(3_000));
                assertThat(first.ping().head()).isEqualTo(MqttTalk.PINGRESP);
                second.publish(1, 1, "events/x", "3".repeat(3_000));
                assertThat(second.ping().head()).isEqualTo(MqttTalk.PINGRESP);

                second.publish(1, 2, "events/x", "4".repeat(3_000));
                assertThat(second.read()).satisfies(MqttBoundsTest::isBusy);
                old.publish(0, 0, "events/x", "5".repeat(3_000));
                assertThat(old.rest()).isEmpty();
                // Who has sent nothing too much stays.
                assertThat(first.ping().head()).isEqualTo(MqttTalk.PINGRESP);
            }
            OpenDoor.until(() -> door.metric("millrace_ingest_mqtt_connections ") == 0
                    && door.metric("millrace_ingest_mqtt_inflight ") == 0);
            assertThat(door.metric("millrace_ingest_mqtt_disconnects_total{reason=\"server_busy\"}"))
                    .isEqualTo(2.0 * round);
            // What its device sends again is not lost.
            assertThat(door.metric("millrace_ingest_mqtt_messages_total{outcome=\"dropped\"}"))
                    .isEqualTo(round);
        }
    }

    private static void isBusy(Packet packet) {
        assertThat(packet.head()).isEqualTo(MqttTalk.DISCONNECT);
        assertThat(packet.at(0)).isEqualTo(0x89);
    }

    @Test
    void letsNobodyIn_whoseWillIsOneTooMany() throws IOException {
        try (MqttTalk first = talk(5);
                MqttTalk second = talk(5);
                MqttTalk old = talk(4)) {
            assertThat(first.connectWithWill("w1", OpenDoor.WRITE_KEY, "x".repeat(3_900))
                            .at(1))
                    .isZero();
            try (MqttTalk another = talk(5)) {
                assertThat(another.connectWithWill("w2", OpenDoor.WRITE_KEY, "x".repeat(3_900))
                                .at(1))
                        .isZero();
                assertThat(second.connectWithWill("w3", OpenDoor.WRITE_KEY, "x".repeat(3_900))
                                .at(1))
                        .isEqualTo(0x97);
                assertThat(old.connectWithWill("w4", OpenDoor.WRITE_KEY, "x".repeat(3_900))
                                .at(1))
                        .isEqualTo(3);
                another.send(MqttTalk.DISCONNECT, new byte[0]);
                assertThat(another.rest()).isEmpty();
            }
            // The door frees what a device took a moment after its connection has ended.
            OpenDoor.until(() -> isLetIn("w5"));
            first.send(MqttTalk.DISCONNECT, new byte[0]);
            assertThat(first.rest()).isEmpty();
        }
    }

    private static boolean isLetIn(String name) {
        try (MqttTalk device = talk(5)) {
            if (device.connectWithWill(name, OpenDoor.WRITE_KEY, "x".repeat(3_900))
                            .at(1)
                    != 0) {
                return false;
            }
            device.send(MqttTalk.DISCONNECT, new byte[0]);
            return device.rest().length == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // version, flags, its expiry in seconds (-1 for none), whether its second connection finds a session
        "4, 0, -1, true",
        "4, 2, -1, false",
        "5, 0, -1, false",
        "5, 0, 0, false",
        "5, 0, 3600, true",
        "5, 2, 3600, false",
        "5, 0, 2147483648, true"
    })
    void goesOnWithASession_whereOneWasAskedFor(int version, int flags, long expiry, boolean isThere)
            throws IOException {
        String name = "session-" + version + flags + expiry;
        byte[] properties = expiry < 0 ? new byte[] {0} : property(SESSION_EXPIRY, (int) expiry);
        for (int expected : new int[] {0, isThere ? 1 : 0}) {
            try (MqttTalk talk = talk(version)) {
                assertThat(talk.connect(flags, properties, name, OpenDoor.WRITE_KEY)
                                .at(0))
                        .isEqualTo(expected);
                talk.send(MqttTalk.DISCONNECT, new byte[0]);
                assertThat(talk.rest()).isEmpty();
            }
        }
    }

    @Test
    void forgetsASession_whoseDeviceSaysSoWhenItGoes() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (MqttTalk talk = talk(5)) {
                assertThat(talk.connect(0, property(SESSION_EXPIRY, 3_600), "leaves", OpenDoor.WRITE_KEY)
                                .at(0))
                        .isZero();
                talk.send(MqttTalk.DISCONNECT, new byte[] {0, 5, SESSION_EXPIRY, 0, 0, 0, 0});
                assertThat(talk.rest()).isEmpty();
            }
        }
    }

    @Test
    void saysNoSentence_thatItsDeviceCannotTake() throws IOException {
        try (MqttTalk small = talk(5);
                MqttTalk large = talk(5);
                MqttTalk tiny = talk(5)) {
            small.connect(2, property(MAXIMUM_PACKET_SIZE, 60), "small", OpenDoor.WRITE_KEY);
            large.connect(2, property(MAXIMUM_PACKET_SIZE, 70), "large", OpenDoor.WRITE_KEY);

            assertThat(small.subscribe("#").body()).doesNotContain(REASON_STRING);
            assertThat(large.subscribe("#").body()).contains(REASON_STRING).hasSizeLessThan(70);
            assertThat(tiny.connect(2, property(MAXIMUM_PACKET_SIZE, 20), "tiny", OpenDoor.WRITE_KEY)
                            .at(1))
                    .isEqualTo(0x95);
        }
    }

    @Test
    void acknowledgesWhatItIgnores_afterWhatCameBefore() throws IOException {
        try (MqttTalk alone = talk(4);
                MqttTalk behind = talk(4)) {
            alone.connect("alone", OpenDoor.WRITE_KEY, null);
            alone.publish(1, 7, "$SYS/broker/uptime", "1");
            assertThat(alone.read().body()).containsExactly(0, 7);
            behind.connect("behind", OpenDoor.WRITE_KEY, null);
            behind.publish(1, 1, "events/x", "{}");
            behind.publish(1, 2, "$SYS/broker/uptime", "1");

            // The first waits for Kafka, and so does the second.
            assertThat(behind.ping().head()).isEqualTo(MqttTalk.PINGRESP);
            assertThat(behind.ping().head()).isEqualTo(MqttTalk.PINGRESP);
        }
    }

    private static byte[] property(int id, int value) {
        return new byte[] {5, (byte) id, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static MqttTalk talk(int version) throws IOException {
        return new MqttTalk(door.ingest.mqttPort().orElseThrow(), version);
    }
}
