package io.millrace.processor.score;

import io.millrace.event.Event;

/**
 * An event and the bytes it was read from, which a dead letter quotes.
 *
 * @param event decoded; its objects are slices of {@code bytes}
 * @param bytes the record's value
 */
public record ArrivedEvent(Event event, byte[] bytes) implements Incoming {}
