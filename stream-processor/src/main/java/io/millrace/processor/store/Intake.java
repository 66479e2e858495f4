package io.millrace.processor.store;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a record from the predictions' topic. Belongs to one thread. */
final class Intake {
    /** What is to be done with a record. */
    sealed interface Decision {
        /** Write a row. */
        record Write(StoredPrediction row) implements Decision {}

        /** Hand it to the dead letters. */
        record Refuse(DeadLetter letter) implements Decision {}

        /** Pass over it: it is older than the retention, and would be dropped at once. */
        record PassOver() implements Decision {}

        /** Nothing: the dead letters have it. */
        record HandedOver() implements Decision {}
    }

    private static final Decision PASS_OVER = new Decision.PassOver();

    private final DailyPartitions partitions;
    private final Clock clock;

    Intake(DailyPartitions partitions, Clock clock) {
        this.partitions = partitions;
        this.clock = clock;
    }

    Decision decide(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return refuse(record, Reason.TOMBSTONE, "the record has no value: expected a prediction", null);
        }
        StoredPrediction row;
        try {
            row = PredictionCodec.decodeStored(value);
        } catch (DecodeException e) {
            return refuse(record, e.reason(), String.valueOf(e.getMessage()), null);
        }
        Prediction prediction = row.prediction();
        String unstorable = unstorable(prediction);
        if (unstorable != null) {
            return refuse(record, Reason.INVALID_CHARACTER, unstorable, prediction);
        }
        return switch (partitions.standing(prediction.receivedAt())) {
            case KEPT -> new Decision.Write(row);
            case EXPIRED -> PASS_OVER;
            case AHEAD ->
                refuse(
                        record,
                        Reason.TIMESTAMP_OUT_OF_RANGE,
                        "receivedAt " + prediction.receivedAt() + ": expected at most " + DailyPartitions.DAYS_AHEAD
                                + " days after " + partitions.today(),
                        prediction);
        };
    }

    /** The database refused the row. */
    Decision.Refuse refused(ConsumerRecord<byte[], byte[]> record, Prediction prediction, String message) {
        return refuse(record, Reason.STORE_REFUSED, "PostgreSQL refused the row: " + message, prediction);
    }

    private Decision.Refuse refuse(
            ConsumerRecord<byte[], byte[]> record, Reason reason, String detail, @Nullable Prediction prediction) {
        return new Decision.Refuse(new DeadLetter(
                reason,
                detail,
                prediction == null ? Stage.DECODE : Stage.STORE,
                new Origin(record.topic(), record.partition(), record.offset()),
                prediction == null ? null : prediction.source(),
                prediction == null ? null : prediction.eventId().value(),
                prediction == null ? null : prediction.model().toString(),
                record.key(),
                record.value(),
                false,
                1,
                clock.instant(),
                RecordHeaders.traceparent(record.headers()).orElse(null)));
    }

    /** The driver would write half a surrogate pair as a question mark, and PostgreSQL has no NUL. */
    private static @Nullable String unstorable(Prediction prediction) {
        String field = null;
        if (!StoredTexts.isStorable(prediction.eventId().value())) {
            field = "eventId";
        } else if (!StoredTexts.isStorable(prediction.userId())) {
            field = "userId";
        } else if (!StoredTexts.isStorable(prediction.anonymousId())) {
            field = "anonymousId";
        } else if (!StoredTexts.isStorable(prediction.label())) {
            field = "label";
        }
        return field == null ? null : field + " holds NUL or half a surrogate pair: expected Unicode text";
    }
}
