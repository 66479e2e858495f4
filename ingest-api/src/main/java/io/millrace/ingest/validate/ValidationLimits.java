package io.millrace.ingest.validate;

import java.time.Duration;

/**
 * What an event and a batch may be at most.
 *
 * @param eventBytes of one event, as posted
 * @param batchEvents in one body
 * @param nesting levels of objects and arrays in one event, the event itself being the first
 * @param future how far a producer's time may lie after the time of receipt
 */
public record ValidationLimits(int eventBytes, int batchEvents, int nesting, Duration future) {}
