package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Problem;

/** The one place where problems become HTTP status codes. */
enum HttpStatus {
    OK(200, "OK"),
    CREATED(201, "Created"),
    ACCEPTED(202, "Accepted"),
    NO_CONTENT(204, "No Content"),
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHORIZED(401, "Unauthorized"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    NOT_ACCEPTABLE(406, "Not Acceptable"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    CONFLICT(409, "Conflict"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    SERVICE_UNAVAILABLE(503, "Service Unavailable");

    private final int code;
    private final String title;

    HttpStatus(int code, String title) {
        this.code = code;
        this.title = title;
    }

    int code() {
        return code;
    }

    String title() {
        return title;
    }

    static HttpStatus of(Endpoint.Status status) {
        return switch (status) {
            case OK -> OK;
            case CREATED -> CREATED;
            case ACCEPTED -> ACCEPTED;
            case NO_CONTENT -> NO_CONTENT;
        };
    }

    /** Java 17 has no switch over sealed types: a test holds this against every problem there is. */
    static HttpStatus of(Problem problem) {
        if (problem instanceof Problem.Unauthenticated) {
            return UNAUTHORIZED;
        } else if (problem instanceof Problem.Forbidden) {
            return FORBIDDEN;
        } else if (problem instanceof Problem.NotFound) {
            return NOT_FOUND;
        } else if (problem instanceof Problem.MethodNotAllowed) {
            return METHOD_NOT_ALLOWED;
        } else if (problem instanceof Problem.UnsupportedMediaType) {
            return UNSUPPORTED_MEDIA_TYPE;
        } else if (problem instanceof Problem.BadRequest) {
            return BAD_REQUEST;
        } else if (problem instanceof Problem.NotAcceptable) {
            return NOT_ACCEPTABLE;
        } else if (problem instanceof Problem.Conflict) {
            return CONFLICT;
        } else if (problem instanceof Problem.UriTooLong) {
            return URI_TOO_LONG;
        } else if (problem instanceof Problem.HeadersTooLarge) {
            return HEADERS_TOO_LARGE;
        } else if (problem instanceof Problem.BodyTooLarge) {
            return CONTENT_TOO_LARGE;
        } else if (problem instanceof Problem.BodyTooSlow) {
            return REQUEST_TIMEOUT;
        } else if (problem instanceof Problem.Overloaded || problem instanceof Problem.RateLimited) {
            return TOO_MANY_REQUESTS;
        } else if (problem instanceof Problem.Unavailable) {
            return SERVICE_UNAVAILABLE;
        }
        return INTERNAL_SERVER_ERROR;
    }
}
