package io.millrace.ingest.receive.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingest.observe.Meters;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of devices. Thread-safe. */
final class MqttMeters {
    private static final String REFUSED = "connection_refused_";

    /** What became of a message. */
    enum Fate {
        /** It is an event on the broker. */
        ACCEPTED,
        /** It is on dead-letters. */
        REFUSED,
        /** A broker's talk about itself. */
        IGNORED,
        /** Its device is gone, and was promised nothing. */
        DROPPED
    }

    private final MeterRegistry registry;
    private final Map<Fate, Counter> messages = new EnumMap<>(Fate.class);
    private final Map<MqttConnectReturnCode, Counter> connects = new ConcurrentHashMap<>();
    private final Map<MqttDisconnectReasonCode, Counter> disconnects = new ConcurrentHashMap<>();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();

    MqttMeters(Meters meters, Devices devices) {
        registry = meters.registry();
        for (Fate fate : Fate.values()) {
            messages.put(
                    fate,
                    Counter.builder("millrace.ingest.mqtt.messages")
                            .description("Messages of devices, wills among them")
                            .tag("outcome", fate.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        connect(MqttConnectReturnCode.CONNECTION_ACCEPTED, 0);
        disconnect(MqttDisconnectReasonCode.SERVER_BUSY, 0);
        meters.gauge("millrace.ingest.mqtt.connections", "Devices that are connected", devices::connected);
        meters.gauge("millrace.ingest.mqtt.inflight", "Messages that wait for Kafka's acknowledgement", inFlight::get);
        meters.gauge("millrace.ingest.mqtt.paused", "Devices that nothing is read of at present", paused::get);
    }

    void message(Fate fate) {
        Counter counter = messages.get(fate);
        if (counter != null) {
            counter.increment();
        }
    }

    void connect(MqttConnectReturnCode code) {
        connect(code, 1);
    }

    private void connect(MqttConnectReturnCode code, int times) {
        connects.computeIfAbsent(code, this::connects).increment(times);
    }

    private Counter connects(MqttConnectReturnCode code) {
        String name = code.name().toLowerCase(Locale.ROOT);
        return Counter.builder("millrace.ingest.mqtt.connects")
                .description("Attempts of devices to connect, by their answer")
                .tag("outcome", name.startsWith(REFUSED) ? name.substring(REFUSED.length()) : "accepted")
                .register(registry);
    }

    /** The door disconnects a device. */
    void disconnect(MqttDisconnectReasonCode code) {
        disconnect(code, 1);
    }

    private void disconnect(MqttDisconnectReasonCode code, int times) {
        disconnects.computeIfAbsent(code, this::disconnects).increment(times);
    }

    private Counter disconnects(MqttDisconnectReasonCode code) {
        return Counter.builder("millrace.ingest.mqtt.disconnects")
                .description("Devices that the door disconnected, by the reason")
                .tag("reason", code.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    void inFlight(int more) {
        inFlight.addAndGet(more);
    }

    void paused(int more) {
        paused.addAndGet(more);
    }
}
