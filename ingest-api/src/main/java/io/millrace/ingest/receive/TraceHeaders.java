package io.millrace.ingest.receive;

import io.millrace.identity.Traceparent;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a request says that it belongs to a trace (W3C Trace Context). */
final class TraceHeaders {
    private TraceHeaders() {}

    /** The caller's place in its trace; it counts only where it is given once. */
    static @Nullable String parent(HttpServerRequest request) {
        List<String> values = request.headers().getAll(Traceparent.HEADER);
        return values.size() == 1 ? values.get(0) : null;
    }

    /** What tracing systems on the way have added, joined to one list. */
    static @Nullable String state(HttpServerRequest request) {
        List<String> values = request.headers().getAll(Traceparent.STATE_HEADER);
        return values.isEmpty() ? null : String.join(",", values);
    }
}
