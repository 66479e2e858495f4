package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.adapt.Candidate;
import io.netty.handler.codec.mqtt.MqttQoS;
import org.jspecify.annotations.Nullable;

/**
 * One message that a device published, or left as its will.
 *
 * @param packetId by which it is acknowledged; what MQTT does not acknowledge has none
 * @param isTopicKnown whether its topic means events
 * @param candidate null where it is nobody's event, and waits only for its turn to be acknowledged
 * @param bytes that it holds here
 */
record Message(
        int packetId,
        MqttQoS qos,
        boolean isWill,
        boolean isTopicKnown,
        @Nullable Candidate candidate,
        int bytes) {
    /** Whether its device sends it again where it gets no acknowledgement. */
    boolean isPromised() {
        return !isWill && qos != MqttQoS.AT_MOST_ONCE;
    }
}
