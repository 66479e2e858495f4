package io.millrace.processor.topology;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.processor.score.ArrivedEvent;
import io.millrace.processor.score.Incoming;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Gives Streams the codec; what is no event goes to the decode failure handler. Thread-safe. */
final class EventDeserializer implements Deserializer<Incoming> {
    @Override
    public @Nullable Incoming deserialize(String topic, byte @Nullable [] bytes) {
        return deserialize(topic, new org.apache.kafka.common.header.internals.RecordHeaders(), bytes);
    }

    @Override
    public @Nullable Incoming deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return new ArrivedEvent(
                    EventCodec.decode(bytes),
                    bytes,
                    RecordHeaders.redrive(headers).orElse(null));
        } catch (DecodeException e) {
            throw new SerializationException(e.getMessage(), e);
        }
    }
}
