package io.millrace.processor.deadletter;

import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.layout.Layout;
import io.millrace.processor.feature.StateVersionException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams calls it for an exception out of a processor. What one event provoked becomes its dead letter. What is not the
 * event's doing ends the thread instead, which aborts the transaction and starts again from the last commit: a broker or
 * a disk that fails (all of Kafka's exceptions), state of a later release, a piece of moved state, and anything out of a punctuation, where no event
 * is in hand and going on would lose those that wait in the micro-batch.
 */
public final class ProcessingFailureHandler implements ProcessingExceptionHandler {
    private DeadLetterRecords letters = DeadLetterRecords.of(Map.of());

    private static final Logger log = LoggerFactory.getLogger(ProcessingFailureHandler.class);

    @Override
    public Response handleError(ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        if (record == null
                || context.topic() == null
                || Layout.isTransfer(context.topic())
                || exception instanceof KafkaException
                || exception instanceof StateVersionException) {
            return Response.fail();
        }
        log.atError()
                .setCause(exception)
                .addKeyValue(
                        "trace", RecordHeaders.traceparent(context.headers()).orElse(null))
                .addKeyValue("topic", context.topic())
                .addKeyValue("partition", context.partition())
                .addKeyValue("offset", context.offset())
                .log("An event could not be processed: it goes to dead-letters");
        return Response.resume(List.of(letters.make(
                context,
                context.sourceRawKey(),
                context.sourceRawValue(),
                isTaken(context, exception) ? Stage.SCORE : Stage.PROCESS,
                Reason.PROCESSING_FAILED,
                exception)));
    }

    /** What had been counted must not be counted again by who puts it back. */
    private static boolean isTaken(ErrorHandlerContext context, Exception exception) {
        return exception instanceof AfterTakenException
                || RecordHeaders.redrive(context.headers()).map(Redrive::taken).orElse(false);
    }

    @Override
    public void configure(Map<String, ?> settings) {
        letters = DeadLetterRecords.of(settings);
    }
}
