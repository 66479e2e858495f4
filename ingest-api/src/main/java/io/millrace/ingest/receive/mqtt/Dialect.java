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
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * What the two versions say differently.
 *
 * @param tellsReasons whether this client takes sentences; those of MQTT 5 do unless they said that they do not
 */
record Dialect(boolean isMqtt5, boolean isMqtt31, boolean tellsReasons) {
    /** Of a user property, by which a message says its event's id. */
    private static final String ID = "id";
    /** A client that takes only small packets gets no sentences. */
    private static final int ROOM = 512;

    private static final String NO_SUBSCRIPTIONS = "Millrace takes events and has no subscriptions";

    static Dialect of(MqttEndpoint endpoint) {
        boolean isMqtt5 = endpoint.protocolVersion() >= MqttVersion.MQTT_5.protocolLevel();
        MqttProperties properties = endpoint.connectProperties();
        return new Dialect(
                isMqtt5,
                endpoint.protocolVersion() == MqttVersion.MQTT_3_1.protocolLevel(),
                isMqtt5
                        && number(properties, MqttProperties.REQUEST_PROBLEM_INFORMATION, 1) != 0
                        && number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE) >= ROOM);
    }

    static int number(@Nullable MqttProperties properties, int type, int otherwise) {
        MqttProperty<?> property = properties == null ? null : properties.getProperty(type);
        return property instanceof IntegerProperty number ? number.value() : otherwise;
    }

    /** A sentence for whoever mends the device; nothing for clients that take none. */
    MqttProperties reason(String sentence) {
        if (!tellsReasons) {
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
        endpoint.subscribeAcknowledge(
                request.messageId(),
                Collections.nCopies(
                        request.topicSubscriptions().size(),
                        isMqtt5 ? MqttSubAckReasonCode.NOT_AUTHORIZED : MqttSubAckReasonCode.UNSPECIFIED_ERROR),
                reason(NO_SUBSCRIPTIONS));
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
