package io.millrace.standalone.embedded;

/** A part did not start; the message is one sentence for the person who started it. */
public final class StartFailedException extends RuntimeException {
    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
