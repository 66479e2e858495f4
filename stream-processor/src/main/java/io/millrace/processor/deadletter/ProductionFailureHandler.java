package io.millrace.processor.deadletter;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.topic.Topic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * Streams calls it for a record that the broker refused for good. A prediction or a profile that is too large becomes a
 * dead letter. Everything else ends the thread: a changelog record that is left out would be state that is lost.
 */
public final class ProductionFailureHandler implements ProductionExceptionHandler {
    private DeadLetterRecords letters = DeadLetterRecords.of(Map.of());

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        boolean output = record.topic().equals(Topic.PREDICTIONS.topicName())
                || record.topic().equals(Topic.USER_PROFILES.topicName());
        if (!output || !(exception instanceof RecordTooLargeException)) {
            return Response.fail();
        }
        return Response.resume(List.of(letters.make(
                context, record.key(), record.value(), Stage.PRODUCE, Reason.PRODUCTION_FAILED, exception)));
    }

    @Override
    public void configure(Map<String, ?> settings) {
        letters = DeadLetterRecords.of(settings);
    }
}
