package io.millrace.processor.score;

import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * An event and the bytes it was read from, which a dead letter quotes.
 *
 * @param event decoded; its objects are slices of {@code bytes}
 * @param bytes the record's value
 * @param redrive where it was put back from dead-letters; else null
 */
public record ArrivedEvent(
        Event event, byte[] bytes, @Nullable Redrive redrive) implements Incoming {
    /** How often it was tried, this time included. */
    int attempts() {
        return redrive == null ? 1 : redrive.attempt();
    }

    /** Whether it was counted before, and is to be scored and nothing else. */
    boolean isAgain() {
        return redrive != null && redrive.taken();
    }
}
