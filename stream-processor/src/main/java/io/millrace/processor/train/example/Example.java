package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Inputs;

/**
 * One scored event of the past, with what came after it.
 *
 * @param event that was scored
 * @param time of the event, in milliseconds since the epoch
 * @param inputs what the model would have been given
 * @param positive whether the target came true
 */
public record Example(Event event, long time, Inputs inputs, boolean positive) {
    /** Whose; examples of one user are not independent of each other. */
    public UserKey user() {
        return event.user();
    }
}
