package io.millrace.ingest.observe;

import io.millrace.trace.Tracing;
import org.jspecify.annotations.Nullable;

/** What the door tells of its requests, whatever protocol brings them: meters and spans. Thread-safe. */
public record Observer(Meters meters, Tracing tracing) {
    /**
     * A request came.
     *
     * @param traceparent as the client sent it; null where it did not, or sent several
     * @param tracestate likewise, several in one with commas between
     */
    public Observation request(@Nullable String traceparent, @Nullable String tracestate) {
        return new Observation(meters, tracing.receive("receive", traceparent, tracestate));
    }
}
