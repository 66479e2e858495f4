package io.millrace.standalone.redrive;

import org.jspecify.annotations.Nullable;

/** A redrive cannot begin, or cannot go on; the message says why. What was put back before stays put back. */
public final class RedriveFailedException extends Exception {
    private static final long serialVersionUID = 1;

    RedriveFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
