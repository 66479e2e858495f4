package io.millrace.processor.serve;

/** A request whose inputs or events cannot be scored; the message is one sentence for the caller. */
final class WrongInputsException extends Exception {
    private static final long serialVersionUID = 1;

    WrongInputsException(String message) {
        // Callers are told the sentence; nobody looks at the stack, and a stack costs more than the score.
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
