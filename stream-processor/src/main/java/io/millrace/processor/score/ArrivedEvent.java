package io.millrace.processor.score;

import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import java.time.Instant;
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

    /** Why it is of a time to come; null where it is not. Doors stamp what they take: only a foreign record is. */
    @Nullable
    String ahead(Instant newest) {
        Instant received = event.times().received();
        if (received.isAfter(newest)) {
            return "receivedAt " + received + ": expected at most " + newest;
        }
        return redrive != null && redrive.at().isAfter(newest)
                ? "header redrive, at " + redrive.at() + ": expected at most " + newest
                : null;
    }

    /** Whether it was counted before, and is to be scored and nothing else. */
    boolean isAgain() {
        return redrive != null && redrive.taken();
    }
}
