package io.millrace.ingest.validate;

import io.millrace.event.EventTimes;
import io.millrace.event.EventTimes.Basis;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides which time an event has. A producer that says when it sent the event shows how wrong its clock is; the
 * correction is bounded, because a client that resends an old {@code sentAt} looks the same.
 */
final class EventClock {
    /** The network's own delay is not a wrong clock. */
    static final Duration LEAST_SKEW = Duration.ofSeconds(1);

    /** A skew over it is not believed. */
    static final Duration MOST_SKEW = Duration.ofHours(24);

    private EventClock() {}

    /** All times have millisecond precision. */
    static EventTimes decide(@Nullable Instant original, @Nullable Instant sent, Instant received) {
        if (original == null) {
            return new EventTimes(null, sent, received, received, Basis.RECEIVED);
        }
        if (sent != null) {
            Duration skew = Duration.between(sent, received).abs();
            if (skew.compareTo(LEAST_SKEW) >= 0 && skew.compareTo(MOST_SKEW) <= 0) {
                Instant corrected = received.minus(Duration.between(original, sent));
                return new EventTimes(original, sent, received, corrected, Basis.CORRECTED);
            }
        }
        return new EventTimes(original, sent, received, original, Basis.PRODUCER);
    }
}
