package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which pages of other origins a browser lets talk to the door. Immutable. */
final class Cors {
    private static final String ANY = "*";
    private static final String DOOR_HEADERS =
            "authorization, content-type, content-encoding, traceparent, tracestate, last-event-id";
    /** RudderStack's SDK names the visitor, Segment's asks for a trace; a star does not stand for authorization. */
    private static final String SDK_HEADERS = DOOR_HEADERS + ", anonymousid, trace, *";

    private static final String EXPOSED_HEADERS =
            "retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, www-authenticate, traceparent";
    private static final Duration MAX_AGE = Duration.ofHours(2);

    private final List<String> origins;
    private final String headers;

    private Cors(List<String> origins, String headers) {
        this.origins = List.copyOf(origins);
        this.headers = headers;
    }

    /** @param origins such as {@code https://shop.example}; a star for all, none for none */
    static Cors ofDoor(List<String> origins) {
        return new Cors(origins, DOOR_HEADERS);
    }

    /** Where the SDKs of others post from pages. */
    static Cors ofSdks(List<String> origins) {
        return new Cors(origins, SDK_HEADERS);
    }

    /** Tells a browser whether the page that asks may see the answer. */
    void mark(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response();
        // Whatever stands between must not show one origin's answer to another.
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String allowed = allowed(request);
        if (allowed != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        }
    }

    /** Whether this is a browser's question and not a page's request. */
    boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                && allowed(request) != null;
    }

    /** Says what the page may ask for at a path. */
    void allow(HttpServerRequest request, Problem.MethodNotAllowed methods) {
        request.response()
                .putHeader(
                        HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", new TreeSet<>(methods.allowed())))
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Long.toString(MAX_AGE.toSeconds()));
    }

    private @Nullable String allowed(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return null;
        }
        return origins.contains(ANY) ? ANY : origins.contains(origin) ? origin : null;
    }
}
