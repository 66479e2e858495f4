package io.millrace.ingest.receive;

import io.millrace.ingest.admit.TokenBucket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** What a source may still post, in events: the bucket's size, what is left in it, and the seconds until it is full. */
final class RateLimitHeaders {
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("x-ratelimit-limit");
    private static final CharSequence REMAINING = HttpHeaders.createOptimized("x-ratelimit-remaining");
    private static final CharSequence RESET = HttpHeaders.createOptimized("x-ratelimit-reset");

    private RateLimitHeaders() {}

    static void put(HttpServerResponse response, TokenBucket bucket, long now) {
        response.putHeader(LIMIT, Long.toString(bucket.limit()));
        response.putHeader(REMAINING, Long.toString(bucket.remaining(now)));
        response.putHeader(RESET, Long.toString(bucket.reset(now)));
    }
}
