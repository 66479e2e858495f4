package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.outcome.Problem;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the two versions say differently.
 *
 * @param tellsReasons whether this client takes sentences; those of MQTT 5 do unless they said that they do not
 * @param most bytes of a packet that this client takes
 */
record Dialect(boolean isMqtt5, boolean isMqtt31, boolean tellsReasons, long most) {
    /** Of a user property, by which a message says its event's id. */
    private static final String ID = "id";
    /** Head, packet id, code, and the lengths of the properties and of the one in them, each as long as it can be. */
    private static final int FRAME = 16;

    /** In seconds: a session does not expire. */
    private static final int NEVER = -1;

    private static final String NO_SUBSCRIPTIONS = "Millrace takes events and has no subscriptions";

    static Dialect of(MqttEndpoint endpoint) {
        boolean isMqtt5 = endpoint.protocolVersion() >= MqttVersion.MQTT_5.protocolLevel();
        MqttProperties properties = endpoint.connectProperties();
        return new Dialect(
                isMqtt5,
                endpoint.protocolVersion() == MqttVersion.MQTT_3_1.protocolLevel(),
                isMqtt5 && number(properties, MqttProperties.REQUEST_PROBLEM_INFORMATION, 1) != 0,
                isMqtt5
                        ? Integer.toUnsignedLong(number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, -1))
                        : Long.MAX_VALUE);
    }

    /** How long a session outlives its connection: as MQTT 5 says, and before it for ever, or not at all. */
    static long sessionNanos(MqttEndpoint endpoint) {
        if (endpoint.protocolVersion() < MqttVersion.MQTT_5.protocolLevel()) {
            return endpoint.isCleanSession() ? 0 : Long.MAX_VALUE;
        }
        return sessionNanos(endpoint.connectProperties()).orElse(0);
    }

    /** Empty where the properties say nothing of it. */
    static OptionalLong sessionNanos(MqttProperties properties) {
        MqttProperty<?> property = properties.getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL);
        if (!(property instanceof IntegerProperty seconds)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                seconds.value() == NEVER
                        ? Long.MAX_VALUE
                        : TimeUnit.SECONDS.toNanos(Integer.toUnsignedLong(seconds.value())));
    }

    /** Whether this client takes a packet of so many bytes. */
    boolean takes(int bytes) {
        return bytes <= most;
    }

    static int number(@Nullable MqttProperties properties, int type, int otherwise) {
        MqttProperty<?> property = properties == null ? null : properties.getProperty(type);
        return property instanceof IntegerProperty number ? number.value() : otherwise;
    }

    /** A sentence for whoever mends the device; nothing for clients that take none, or no packet that long (MQTT-3.4.2-2). */
    MqttProperties reason(String sentence) {
        return reason(sentence, 1);
    }

    /** @param codes that the packet has, of a byte each */
    private MqttProperties reason(String sentence, int codes) {
        if (!tellsReasons || !takes(FRAME + codes + sentence.getBytes(StandardCharsets.UTF_8).length)) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        properties.add(new StringProperty(MqttProperties.REASON_STRING, sentence));
        return properties;
    }

    /** The event's id, where the message says one beside its payload. */
    @Nullable
    String idOf(@Nullable MqttProperties properties) {
        MqttProperty<?> property = properties == null ? null : properties.getProperty(MqttProperties.USER_PROPERTY);
        if (property instanceof UserProperties pairs) {
            for (StringPair pair : pairs.value()) {
                if (pair.key.equals(ID)) {
                    return pair.value;
                }
            }
        }
        return null;
    }

    void refuse(MqttEndpoint endpoint, MqttSubscribeMessage request) {
        int filters = request.topicSubscriptions().size();
        endpoint.subscribeAcknowledge(
                request.messageId(),
                Collections.nCopies(
                        filters,
                        isMqtt5 ? MqttSubAckReasonCode.NOT_AUTHORIZED : MqttSubAckReasonCode.UNSPECIFIED_ERROR),
                reason(NO_SUBSCRIPTIONS, filters));
    }

    void answer(MqttEndpoint endpoint, MqttUnsubscribeMessage request) {
        endpoint.unsubscribeAcknowledge(
                request.messageId(),
                isMqtt5
                        ? Collections.nCopies(request.topics().size(), MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED)
                        : Collections.emptyList(),
                MqttProperties.NO_PROPERTIES);
    }

    /** How CONNACK says it. */
    MqttConnectReturnCode refusal(Problem problem) {
        if (problem instanceof Problem.Unauthenticated unauthenticated && unauthenticated.isGiven()) {
            return isMqtt5
                    ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                    : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD;
        }
        if (problem instanceof Problem.Unauthenticated || problem instanceof Problem.Forbidden) {
            return isMqtt5
                    ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                    : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
        }
        return isMqtt5
                ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    }
}
