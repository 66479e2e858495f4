package io.millrace.ingest.admit;

import java.time.Duration;

/**
 * How much the door takes in at once.
 *
 * @param requests in flight, all connections together
 * @param bytes of bodies in flight, as they lie in memory
 * @param retryAfter what a refused client is told to wait, rounded up to seconds
 */
public record AdmissionLimits(int requests, long bytes, Duration retryAfter) {}
