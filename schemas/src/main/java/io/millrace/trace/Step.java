package io.millrace.trace;

import io.millrace.identity.Traceparent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One step of an event's path. Where the trace is sampled it is a span, otherwise only the context that goes on; whoever
 * begins it ends it. Of a step that is never ended nothing is recorded.
 */
public final class Step {
    /** A step of no trace. */
    public static final Step NONE = new Step(null, null);

    private final @Nullable Traceparent trace;
    private final @Nullable Span span;

    private Step(@Nullable Traceparent trace, @Nullable Span span) {
        this.trace = trace;
        this.span = span;
    }

    static Step unrecorded(@Nullable Traceparent trace) {
        return trace == null ? NONE : new Step(trace, null);
    }

    static Step recorded(Traceparent trace, Span span) {
        return new Step(trace, span);
    }

    /** What the next step gets; null where there is no trace. */
    public @Nullable Traceparent trace() {
        return trace;
    }

    /** Whether {@link #put} keeps anything, for those to whom its arguments cost something. */
    public boolean isRecorded() {
        return span != null;
    }

    /** A better name, once it is known. */
    public Step named(String name) {
        if (span != null) {
            span.updateName(name);
        }
        return this;
    }

    public Step put(String key, String value) {
        if (span != null) {
            span.setAttribute(key, value);
        }
        return this;
    }

    public Step put(String key, long value) {
        if (span != null) {
            span.setAttribute(key, value);
        }
        return this;
    }

    /** The step did not do what it is for. */
    public Step failed(String why) {
        if (span != null) {
            span.setStatus(StatusCode.ERROR, why);
        }
        return this;
    }

    public void end() {
        if (span != null) {
            span.end();
        }
    }
}
