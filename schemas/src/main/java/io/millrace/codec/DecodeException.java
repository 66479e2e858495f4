package io.millrace.codec;

import io.millrace.deadletter.Reason;
import java.util.Objects;

/**
 * Bytes were not what they should be. Trying again does not help: the record goes to dead-letters with the reason.
 *
 * <p>Has no stack trace: it is an expected answer on the hot path, and a flood of bad records must not cost more than a
 * flood of good ones.
 */
public final class DecodeException extends Exception {
    private final Reason reason;

    public DecodeException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    public Reason reason() {
        return reason;
    }
}
