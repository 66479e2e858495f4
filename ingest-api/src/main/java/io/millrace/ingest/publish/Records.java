package io.millrace.ingest.publish;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.EventCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Canonical events and dead letters as Kafka records. */
final class Records {
    private Records() {}

    /** The record's time is the time of receipt: retention must not follow a producer's clock. */
    static ProducerRecord<byte[], byte[]> of(String topic, Event event, @Nullable Traceparent trace) {
        ProducerRecord<byte[], byte[]> eventRecord = new ProducerRecord<>(
                topic,
                null,
                event.times().received().toEpochMilli(),
                event.user().text().getBytes(StandardCharsets.UTF_8),
                EventCodec.encode(event));
        RecordHeaders.put(eventRecord.headers(), Schema.EVENT, trace);
        return eventRecord;
    }

    static ProducerRecord<byte[], byte[]> of(DeadLetter letter) {
        Source source = letter.source();
        ProducerRecord<byte[], byte[]> letterRecord = new ProducerRecord<>(
                Topic.DEAD_LETTERS.topicName(),
                null,
                letter.failedAt().toEpochMilli(),
                source == null ? null : source.name().getBytes(StandardCharsets.UTF_8),
                DeadLetterCodec.encode(letter));
        RecordHeaders.put(letterRecord.headers(), Schema.DEAD_LETTER, letter.traceparent());
        return letterRecord;
    }
}
