package io.millrace.ingest.adapt.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * One message as a device published it, or left it as its will.
 *
 * @param clientId of the device, which is its anonymous id where nothing else says whose event it is
 * @param payload becomes the adapter's
 * @param id of the event where the message itself says one beside its payload, or the door knows it as sent again; null
 *     where not
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
public record Published(
        String clientId,
        String topic,
        byte[] payload,
        @Nullable String id) {
    Published withPayload(byte[] other) {
        return new Published(clientId, topic, other, id);
    }
}
