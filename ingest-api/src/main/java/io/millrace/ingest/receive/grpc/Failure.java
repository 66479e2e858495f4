package io.millrace.ingest.receive.grpc;

import io.millrace.ingest.outcome.Problem;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Why a call failed, as gRPC says it.
 *
 * @param code the stable code of the same problem over HTTP
 * @param retryAfter where a retry is worth it
 */
record Failure(GrpcStatus status, String code, String detail, Optional<Duration> retryAfter) {
    /** The one place where problems become gRPC's status codes; docs/errors.md lists them, and a test compares. */
    static Failure of(Problem problem) {
        Optional<Duration> retry = Optional.empty();
        if (problem instanceof Problem.Overloaded full) {
            retry = Optional.of(full.retryAfter());
        } else if (problem instanceof Problem.RateLimited much) {
            retry = Optional.of(much.retryAfter());
        } else if (problem instanceof Problem.Unavailable gone) {
            retry = Optional.of(gone.retryAfter());
        }
        return new Failure(status(problem), problem.code(), problem.detail(), retry);
    }

    /**
     * A sentence as grpc-message carries it: what is no printable ASCII, and the percent sign, are encoded, and nothing else,
     * since some clients (grpc-js) decode nothing else.
     *
     * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses">Percent-Encoded</a>
     */
    static String message(String detail) {
        StringBuilder encoded = new StringBuilder(detail.length());
        for (byte b : detail.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    static GrpcStatus status(Problem problem) {
        if (problem instanceof Problem.Unauthenticated) {
            return GrpcStatus.UNAUTHENTICATED;
        } else if (problem instanceof Problem.Forbidden) {
            return GrpcStatus.PERMISSION_DENIED;
        } else if (problem instanceof Problem.BodyTooSlow) {
            return GrpcStatus.DEADLINE_EXCEEDED;
        } else if (problem instanceof Problem.Overloaded
                || problem instanceof Problem.RateLimited
                || problem instanceof Problem.BodyTooLarge) {
            return GrpcStatus.RESOURCE_EXHAUSTED;
        } else if (problem instanceof Problem.Unavailable) {
            return GrpcStatus.UNAVAILABLE;
        } else if (problem instanceof Problem.Internal) {
            return GrpcStatus.INTERNAL;
        } else if (problem instanceof Problem.NotFound) {
            return GrpcStatus.NOT_FOUND;
        } else if (problem instanceof Problem.Conflict) {
            return GrpcStatus.ABORTED;
        } else if (problem instanceof Problem.MethodNotAllowed) {
            return GrpcStatus.UNIMPLEMENTED;
        }
        return GrpcStatus.INVALID_ARGUMENT;
    }
}
