package io.millrace.processor.deadletter;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.layout.Layout;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/** Streams calls it for a record that is no event: the record becomes a dead letter and the stream goes on. */
public final class DecodeFailureHandler implements DeserializationExceptionHandler {
    private DeadLetterRecords letters = DeadLetterRecords.of(Map.of());

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (Layout.isTransfer(record.topic())) {
            // A piece of state: nothing may go on without it.
            return Response.fail();
        }
        return Response.resume(List.of(
                letters.make(context, record.key(), record.value(), Stage.DECODE, Reason.UNDECODABLE, exception)));
    }

    @Override
    public void configure(Map<String, ?> settings) {
        letters = DeadLetterRecords.of(settings);
    }
}
