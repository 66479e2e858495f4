package io.millrace.ingest.receive.mqtt;

import io.millrace.config.Key;
import io.millrace.ingest.adapt.mqtt.Topics;
import java.time.Duration;
import java.util.List;

/** The settings of the door for devices. */
public final class MqttKeys {
    public static final Key<Boolean> ENABLED =
            Key.flag("ingest.mqtt.enabled", false, "Whether the door listens for devices that speak MQTT 3.1.1 or 5.");

    public static final Key<String> HOST =
            Key.text("ingest.mqtt.host", "127.0.0.1", "Address to listen on for MQTT; loopback unless told otherwise.");

    public static final Key<Integer> PORT = Key.integer(
            "ingest.mqtt.port",
            1883,
            0,
            65_535,
            "Port to listen on for MQTT, with TLS where HTTP has it (ingest.http.tls.certificate), and the same certificate; 0"
                    + " picks a free one.");

    public static final Key<Topics> TOPICS = new Key<>(
            "ingest.mqtt.topics",
            Topics.DEFAULT,
            "patterns such as devices/{anonymousId}/events/{name}, separated by commas",
            "Topics that mean events; the first that fits counts. {userId}, {anonymousId}, {sessionId}, {name} and {id} take a"
                    + " level, {name:opened} takes only opened, + any, # all that follow. With {name} the payload is properties,"
                    + " without it an event.",
            false,
            Topics::parse);

    static final Key<Integer> CONNECTIONS = Key.integer(
            "ingest.mqtt.connections",
            0,
            0,
            1_000_000,
            "Devices that are connected at once; one more is closed. 0 takes one for each two packets (ingest.mqtt.packet-bytes)"
                    + " that fit into the heap.");

    static final Key<Duration> CONNECT_DEADLINE = Key.duration(
            "ingest.mqtt.connect-deadline",
            "10s",
            "Most time from a connection's beginning, its TLS handshake included, to the end of CONNECT.");

    static final Key<Integer> PACKET_BYTES = Key.integer(
            "ingest.mqtt.packet-bytes",
            64 * 1024,
            1_024,
            1024 * 1024,
            "Most bytes of one packet; a device that sends more is disconnected.");

    static final Key<Integer> IN_FLIGHT = Key.integer(
            "ingest.mqtt.in-flight",
            64,
            1,
            65_535,
            "Messages of one device that Kafka has not acknowledged; more stay in its socket. MQTT 5 calls it Receive Maximum.");

    static final Key<Long> WAITING_BYTES = Key.bytes(
            "ingest.mqtt.waiting-bytes",
            0,
            0,
            1L << 40,
            "Bytes of all devices' messages that wait for Kafka; a device that sends more is disconnected (MQTT 5: 0x89) and"
                    + " sends again. Wills may take half of it beside. 0 takes an eighth of the heap.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL =
            List.of(ENABLED, HOST, PORT, TOPICS, CONNECTIONS, CONNECT_DEADLINE, PACKET_BYTES, IN_FLIGHT, WAITING_BYTES);

    private MqttKeys() {}
}
