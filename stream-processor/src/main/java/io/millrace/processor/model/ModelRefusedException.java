package io.millrace.processor.model;

/** A model that is not taken into service; the message is one sentence that says why. */
public final class ModelRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    public ModelRefusedException(String message) {
        super(message);
    }

    public ModelRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
