package io.millrace.standalone.models;

/** The door did not do what was asked, or cannot be reached; one sentence says why. */
public final class ModelsFailedException extends Exception {
    public ModelsFailedException(String message) {
        super(message);
    }

    public ModelsFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
