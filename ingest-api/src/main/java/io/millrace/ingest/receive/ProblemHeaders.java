package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a client's library reads of a problem without looking at the body. */
final class ProblemHeaders {
    private static final String WWW_AUTHENTICATE = "WWW-Authenticate";
    private static final String BEARER = "Bearer realm=\"millrace\"";
    private static final String BASIC = "Basic realm=\"millrace\", charset=\"UTF-8\"";

    private ProblemHeaders() {}

    static void put(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        if (problem instanceof Problem.Unauthenticated unknown) {
            response.headers().add(WWW_AUTHENTICATE, bearer(request, unknown));
            response.headers().add(WWW_AUTHENTICATE, BASIC);
        } else if (problem instanceof Problem.MethodNotAllowed wrong) {
            response.putHeader(HttpHeaders.ALLOW, String.join(", ", new TreeSet<>(wrong.allowed())));
        } else if (problem instanceof Problem.UnsupportedMediaType) {
            response.putHeader(HttpHeaders.ACCEPT_ENCODING, "gzip, identity");
        } else {
            Duration wait = retryAfter(problem);
            if (wait != null) {
                long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
                response.putHeader("Retry-After", Long.toString(seconds));
            }
        }
    }

    /** RFC 6750, 3: an error only for who showed a bearer; its description has neither quotes nor backslashes. */
    private static String bearer(HttpServerRequest request, Problem.Unauthenticated unknown) {
        String given = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean isBearer = unknown.isGiven() && given != null && given.regionMatches(true, 0, "Bearer", 0, 6);
        return isBearer
                ? BEARER + ", error=\"invalid_token\", error_description=\""
                        + unknown.detail().replace('"', '\'').replace('\\', '/') + '"'
                : BEARER;
    }

    private static @Nullable Duration retryAfter(Problem problem) {
        if (problem instanceof Problem.Overloaded full) {
            return full.retryAfter();
        } else if (problem instanceof Problem.RateLimited much) {
            return much.retryAfter();
        } else if (problem instanceof Problem.Unavailable gone) {
            return gone.retryAfter();
        }
        return null;
    }
}
