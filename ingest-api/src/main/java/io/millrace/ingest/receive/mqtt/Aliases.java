package io.millrace.ingest.receive.mqtt;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.vertx.mqtt.messages.MqttPublishMessage;
import org.jspecify.annotations.Nullable;

/** The short numbers that a client of MQTT 5 has given to topics, on one connection. Belongs to one event loop. */
final class Aliases {
    /** Numbers from 1. */
    static final int MOST = 16;

    /** A longer one would be refused whenever it is published. */
    private static final int LONGEST = 1_024;

    private @Nullable String @Nullable [] topics;

    /** The topic of a message, whose alias is learnt; null where it has none, or a number that means nothing. */
    @Nullable
    String topic(MqttPublishMessage message) {
        MqttProperty<?> property =
                message.properties() == null ? null : message.properties().getProperty(MqttProperties.TOPIC_ALIAS);
        String topic = message.topicName();
        if (property == null) {
            return topic.isEmpty() ? null : topic;
        }
        int alias = (Integer) property.value();
        if (alias < 1 || alias > MOST || topic.length() > LONGEST) {
            return null;
        }
        if (topics == null) {
            topics = new String[MOST];
        }
        if (!topic.isEmpty()) {
            topics[alias - 1] = topic;
        }
        return topics[alias - 1];
    }
}
