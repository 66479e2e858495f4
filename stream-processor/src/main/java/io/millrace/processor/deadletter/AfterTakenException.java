package io.millrace.processor.deadletter;

/**
 * A processor threw when the event had been remembered and counted, and no model had been given it. Its dead letter says so:
 * who puts it back must not count it twice.
 */
public final class AfterTakenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AfterTakenException(RuntimeException cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
