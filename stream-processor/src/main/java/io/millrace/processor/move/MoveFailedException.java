package io.millrace.processor.move;

import org.jspecify.annotations.Nullable;

/** A move did not come to its end; the message says why, and what to do. What was done stays, and running it again goes on. */
public final class MoveFailedException extends Exception {
    MoveFailedException(String message) {
        this(message, null);
    }

    MoveFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
