package io.millrace.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When an event happened, as its producer and the door saw it. All have millisecond precision.
 *
 * @param original when the producer says it happened, by the producer's clock
 * @param sent when the producer says it sent it, by the producer's clock
 * @param received when the door took it, by the door's clock
 * @param event the time that is used: for windows, order and the prediction
 * @param basis how {@code event} was found
 */
public record EventTimes(
        @Nullable Instant original, @Nullable Instant sent, Instant received, Instant event, Basis basis) {
    /** How the event time was found. */
    public enum Basis {
        /** The producer gave no time: the time of receipt. */
        RECEIVED,
        /** The producer's own time, as it is. */
        PRODUCER,
        /** The producer's time, moved by its clock's skew: received − (sent − original). */
        CORRECTED
    }

    public EventTimes {
        Objects.requireNonNull(received, "received");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(basis, "basis");
    }
}
