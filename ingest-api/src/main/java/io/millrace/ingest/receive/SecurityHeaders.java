package io.millrace.ingest.receive;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What every answer tells a browser, so that nothing of the door can be framed, guessed at, cached or leaked. */
final class SecurityHeaders {
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NO_SNIFF_VALUE = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER = HttpHeaders.createOptimized("referrer-policy");
    private static final CharSequence REFERRER_VALUE = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence POLICY_OF_DATA =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    /** A page loads what the door itself serves, and talks to nobody else. */
    private static final CharSequence POLICY_OF_PAGES =
            HttpHeaders.createOptimized("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    private static final CharSequence TRANSPORT = HttpHeaders.createOptimized("strict-transport-security");
    private static final CharSequence TRANSPORT_VALUE = HttpHeaders.createOptimized("max-age=31536000");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final String PAGE = "text/html";

    private SecurityHeaders() {}

    /** Before a handler has its say: what may be kept says so itself. */
    static void put(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader(NO_SNIFF, NO_SNIFF_VALUE);
        response.putHeader(REFERRER, REFERRER_VALUE);
        response.putHeader(POLICY, POLICY_OF_DATA);
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (request.isSSL()) {
            response.putHeader(TRANSPORT, TRANSPORT_VALUE);
        }
    }

    /** A page may do a little more than data. */
    static void ofType(HttpServerResponse response, String contentType) {
        if (contentType.startsWith(PAGE)) {
            response.putHeader(POLICY, POLICY_OF_PAGES);
        }
    }
}
