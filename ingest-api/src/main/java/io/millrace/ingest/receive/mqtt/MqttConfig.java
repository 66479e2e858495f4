package io.millrace.ingest.receive.mqtt;

import io.millrace.config.Settings;
import io.millrace.ingest.adapt.mqtt.Topics;
import io.millrace.ingest.receive.HttpConfig;
import io.millrace.ingest.receive.Tls;
import java.time.Duration;
import java.util.Optional;

/**
 * How the door for devices listens.
 *
 * @param host to bind
 * @param port to bind; 0 picks a free one
 * @param eventLoops that serve; 0 takes one for each processor
 * @param topics that mean events
 * @param connections open at once; one more is closed at once
 * @param connectDeadline from a connection's beginning to the end of CONNECT
 * @param packetBytes of one packet
 * @param inFlight messages of one device that are not acknowledged
 * @param waitingBytes of all devices' messages that wait for Kafka
 * @param drain how long a closing door waits for what is in flight
 * @param tls where the door speaks it itself
 */
public record MqttConfig(
        String host,
        int port,
        int eventLoops,
        Topics topics,
        int connections,
        Duration connectDeadline,
        int packetBytes,
        int inFlight,
        long waitingBytes,
        Duration drain,
        Optional<Tls> tls) {
    /** Also where packets are small. */
    private static final long HEAP_PER_CONNECTION = 64 * 1024;
    /** That messages which wait for Kafka may take. */
    private static final int SHARE_OF_HEAP = 8;

    /** Reads the keys; wrong values are collected in {@code settings}. Empty where no device is served. */
    public static Optional<MqttConfig> from(Settings settings, HttpConfig http) {
        int connections = settings.get(MqttKeys.CONNECTIONS);
        long waiting = settings.get(MqttKeys.WAITING_BYTES);
        MqttConfig config = new MqttConfig(
                settings.get(MqttKeys.HOST),
                settings.get(MqttKeys.PORT),
                http.eventLoops(),
                settings.get(MqttKeys.TOPICS),
                connections > 0
                        ? connections
                        : Math.toIntExact(Runtime.getRuntime().maxMemory()
                                / Math.max(HEAP_PER_CONNECTION, 2L * settings.get(MqttKeys.PACKET_BYTES))),
                settings.get(MqttKeys.CONNECT_DEADLINE),
                settings.get(MqttKeys.PACKET_BYTES),
                settings.get(MqttKeys.IN_FLIGHT),
                waiting > 0 ? waiting : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP,
                http.drain(),
                http.tls());
        return settings.get(MqttKeys.ENABLED) ? Optional.of(config) : Optional.empty();
    }
}
