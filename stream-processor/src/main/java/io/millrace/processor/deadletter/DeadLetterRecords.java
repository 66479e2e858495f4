package io.millrace.processor.deadletter;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.topic.Topic;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** Makes dead letters of what Streams' own handlers are given. They go out in the same transaction as everything else. */
public final class DeadLetterRecords {
    /** Where the handlers, which Streams makes by reflection, find the {@link ScoringMeters} among Streams' settings. */
    public static final String METERS = "millrace.scoring.meters";

    private final @Nullable ScoringMeters meters;

    private DeadLetterRecords(@Nullable ScoringMeters meters) {
        this.meters = meters;
    }

    static DeadLetterRecords of(Map<String, ?> settings) {
        return new DeadLetterRecords(settings.get(METERS) instanceof ScoringMeters meters ? meters : null);
    }

    ProducerRecord<byte[], byte[]> make(
            ErrorHandlerContext context,
            byte @Nullable [] key,
            byte @Nullable [] payload,
            Stage stage,
            Reason fallback,
            Exception exception) {
        DecodeException undecodable = decodeException(exception);
        Redrive redrive = RecordHeaders.redrive(context.headers()).orElse(null);
        DeadLetter letter = new DeadLetter(
                undecodable == null ? fallback : undecodable.reason(),
                undecodable == null ? sentence(exception) : String.valueOf(undecodable.getMessage()),
                stage,
                context.topic() == null ? null : new Origin(context.topic(), context.partition(), context.offset()),
                null,
                null,
                redrive == null ? null : redrive.model(),
                key,
                payload,
                false,
                redrive == null ? 1 : redrive.attempt(),
                Instant.ofEpochMilli(System.currentTimeMillis()),
                RecordHeaders.traceparent(context.headers()).orElse(null));
        if (meters != null) {
            meters.deadLetter(letter);
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), key, DeadLetterCodec.encode(letter));
        RecordHeaders.put(record.headers(), Schema.DEAD_LETTER, letter.traceparent());
        return record;
    }

    private static @Nullable DecodeException decodeException(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof DecodeException decode) {
                return decode;
            }
        }
        return null;
    }

    private static String sentence(Exception exception) {
        String message = exception.getMessage();
        return exception.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
