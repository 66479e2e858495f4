package io.millrace.ingest.admit;

import java.time.Duration;

/**
 * What a source may post.
 *
 * @param events a second, where a write key has no rate of its own; 0 for no limit
 * @param burst how many seconds of its rate a bucket holds
 */
public record RateLimits(int events, Duration burst) {}
