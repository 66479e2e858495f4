package io.millrace.standalone.bench.load;

/** A door answers in a way that the load does not read. */
final class UnreadableAnswerException extends RuntimeException {
    UnreadableAnswerException(String message) {
        super(message);
    }
}
