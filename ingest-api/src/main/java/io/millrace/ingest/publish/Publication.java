package io.millrace.ingest.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The acknowledgements that one request waits for: done when all are in, failed when one of them failed. */
final class Publication implements Callback {
    private final AtomicInteger outstanding;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    Publication(int records) {
        outstanding = new AtomicInteger(records);
    }

    CompletableFuture<@Nullable Void> done() {
        return done;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null) {
            failure.compareAndSet(null, exception);
        }
        if (outstanding.decrementAndGet() == 0) {
            Exception first = failure.get();
            if (first == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(first);
            }
        }
    }
}
