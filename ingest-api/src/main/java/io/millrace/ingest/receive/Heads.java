package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What of a request's head no proxy before the door and no door could agree on. */
final class Heads {
    private Heads() {}

    /** What is wrong with a head that could be read. */
    static Optional<Problem> check(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return Optional.empty();
        }
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_1)) {
            return Optional.of(new Problem.BadRequest("Host: given " + hosts.size() + ", expected one"));
        }
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty()
                && !(codings.size() == 1
                        && "chunked".equalsIgnoreCase(codings.get(0).trim()))) {
            return Optional.of(new Problem.BadRequest("Transfer-Encoding: expected chunked and nothing else"));
        }
        return Optional.empty();
    }

    /** Why a head could not be read. */
    static Problem unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return new Problem.UriTooLong(ServerOptions.LONGEST_REQUEST_LINE);
        } else if (cause instanceof TooLongHttpHeaderException) {
            return new Problem.HeadersTooLarge(ServerOptions.LONGEST_HEADERS);
        }
        return new Problem.BadRequest("the request: expected HTTP/1.1 (RFC 9112) or HTTP/2");
    }
}
