package io.millrace.ingest.publish;

import io.millrace.trace.Step;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Ends a recorded event's span when its acknowledgement is there. */
record TracedCallback(Step step, Callback next) implements Callback {
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null) {
            step.failed(exception.getClass().getSimpleName());
        } else if (metadata != null) {
            step.put("messaging.destination.name", metadata.topic())
                    .put("messaging.destination.partition.id", metadata.partition())
                    .put("messaging.kafka.offset", metadata.offset());
        }
        step.end();
        next.onCompletion(metadata, exception);
    }
}
