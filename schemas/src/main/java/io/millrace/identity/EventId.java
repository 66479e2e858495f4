package io.millrace.identity;

import java.util.Objects;

/**
 * An event's id as its producer gave it, or as the door made it. Together with the {@link Source} it is the event's
 * identity for de-duplication.
 *
 * @param value 1 to 100 characters
 */
public record EventId(String value) {
    public static final int MAX_LENGTH = 100;

    public EventId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "event id of " + value.length() + " characters: expected 1 to " + MAX_LENGTH);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
