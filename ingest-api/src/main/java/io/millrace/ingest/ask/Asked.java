package io.millrace.ingest.ask;

import io.millrace.ingest.outcome.Problem;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;

/** What came of a question to the processor. */
public sealed interface Asked<A> {
    Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** It answered. */
    record Answered<A>(A answer) implements Asked<A> {}

    /** It did not do what was asked. */
    record Refused<A>(Kind kind, String detail) implements Asked<A> {}

    /** Why not. Only {@link #FULL}, {@link #UNAVAILABLE} and {@link #TOO_LATE} are worth another try. */
    enum Kind {
        WRONG,
        UNKNOWN,
        CONFLICT,
        FULL,
        UNAVAILABLE,
        TOO_LATE,
        /** The processor does not know the method. */
        UNSUPPORTED,
        FAILED;

        static Kind of(GrpcStatus status) {
            return switch (status) {
                case INVALID_ARGUMENT, OUT_OF_RANGE -> WRONG;
                case NOT_FOUND -> UNKNOWN;
                case ABORTED, ALREADY_EXISTS, FAILED_PRECONDITION -> CONFLICT;
                case RESOURCE_EXHAUSTED -> FULL;
                case UNAVAILABLE -> UNAVAILABLE;
                case DEADLINE_EXCEEDED, CANCELLED -> TOO_LATE;
                case UNIMPLEMENTED -> UNSUPPORTED;
                default -> FAILED;
            };
        }
    }

    /** What a client is told that asked for nothing else. */
    static Problem problem(Refused<?> refused) {
        return switch (refused.kind()) {
            case WRONG -> new Problem.BadRequest(refused.detail());
            case UNKNOWN -> new Problem.NotFound(refused.detail());
            case CONFLICT -> new Problem.Conflict(refused.detail());
            case FULL -> new Problem.Overloaded(refused.detail(), RETRY_AFTER);
            case UNAVAILABLE, TOO_LATE -> new Problem.Unavailable(refused.detail(), RETRY_AFTER);
            case UNSUPPORTED, FAILED -> new Problem.Internal(refused.detail());
        };
    }
}
