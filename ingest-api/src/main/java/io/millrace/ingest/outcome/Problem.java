package io.millrace.ingest.outcome;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Why a request as a whole was not served. Only {@link Overloaded} and {@link Unavailable} are worth a retry. */
public sealed interface Problem extends Outcome {
    /** The stable code that clients branch on. */
    String code();

    /** One sentence for a person. */
    String detail();

    /**
     * The credential is missing or unknown.
     *
     * @param isGiven whether there was one: RFC 6750 tells apart who showed none and whose is not taken
     */
    record Unauthenticated(String detail, boolean isGiven) implements Problem {
        public static Unauthenticated missing(String detail) {
            return new Unauthenticated(detail, false);
        }

        public static Unauthenticated wrong(String detail) {
            return new Unauthenticated(detail, true);
        }

        @Override
        public String code() {
            return "unauthenticated";
        }
    }

    /** The principal is known and may not do this. */
    record Forbidden(String detail) implements Problem {
        @Override
        public String code() {
            return "forbidden";
        }
    }

    /** Nothing is at this path. */
    record NotFound(String detail) implements Problem {
        @Override
        public String code() {
            return "not_found";
        }
    }

    /** Something is at this path, but does not know the method. */
    record MethodNotAllowed(String method, Set<String> allowed) implements Problem {
        public MethodNotAllowed {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public String code() {
            return "method_not_allowed";
        }

        @Override
        public String detail() {
            return "method: given " + Refusal.shorten(method) + ", expected "
                    + String.join(" or ", new TreeSet<>(allowed));
        }
    }

    /** The body's type or encoding is none that this operation reads. */
    record UnsupportedMediaType(String detail) implements Problem {
        /** Of what a header says; null where it says nothing. */
        public static UnsupportedMediaType of(String header, @Nullable String given, String expected) {
            return new UnsupportedMediaType(
                    header + ": given " + (given == null ? "none" : Refusal.shorten(given)) + ", expected " + expected);
        }

        @Override
        public String code() {
            return "unsupported_media_type";
        }
    }

    /** The request is malformed: a parameter, an encoding. */
    record BadRequest(String detail) implements Problem {
        @Override
        public String code() {
            return "bad_request";
        }
    }

    /** None of the forms that the client takes is one that this operation gives. */
    record NotAcceptable(String detail) implements Problem {
        @Override
        public String code() {
            return "not_acceptable";
        }
    }

    /** What stands already forbids it. */
    record Conflict(String detail) implements Problem {
        @Override
        public String code() {
            return "conflict";
        }
    }

    /** The request line is longer than anything in the contract can be. */
    record UriTooLong(int limit) implements Problem {
        @Override
        public String code() {
            return "uri_too_long";
        }

        @Override
        public String detail() {
            return "the request line: expected at most " + limit + " bytes";
        }
    }

    /** All headers together are over the limit. */
    record HeadersTooLarge(int limit) implements Problem {
        @Override
        public String code() {
            return "headers_too_large";
        }

        @Override
        public String detail() {
            return "the headers: expected at most " + limit + " bytes, all together";
        }
    }

    /** The body is over the limit, as sent or decompressed. */
    record BodyTooLarge(long limit) implements Problem {
        @Override
        public String code() {
            return "body_too_large";
        }

        @Override
        public String detail() {
            return "the body: expected at most " + limit + " bytes, as sent and decompressed";
        }
    }

    /** The body did not come in time. */
    record BodyTooSlow(Duration deadline) implements Problem {
        @Override
        public String code() {
            return "body_too_slow";
        }

        @Override
        public String detail() {
            return "the body: expected all of it within " + deadline.toMillis() + " ms";
        }
    }

    /**
     * The source has posted more than its share; nothing of the request was taken.
     *
     * @param rate events a second
     */
    record RateLimited(int rate, Duration retryAfter) implements Problem {
        @Override
        public String code() {
            return "rate_limited";
        }

        @Override
        public String detail() {
            return "the source posts more than its " + rate + " events a second";
        }
    }

    /** The door is full at this moment; nothing of the request was taken. */
    record Overloaded(String detail, Duration retryAfter) implements Problem {
        @Override
        public String code() {
            return "overloaded";
        }
    }

    /** Something behind the door does not answer. Events may have been taken: send them again with the same ids. */
    record Unavailable(String detail, Duration retryAfter) implements Problem {
        @Override
        public String code() {
            return "unavailable";
        }
    }

    /** A bug in Millrace. */
    record Internal(String detail) implements Problem {
        @Override
        public String code() {
            return "internal_error";
        }
    }
}
