package io.millrace.standalone.cli;

/** A command cannot do what was asked; the message is one sentence for the person who asked. */
class CommandFailedException extends RuntimeException {
    CommandFailedException(String message) {
        super(message);
    }

    CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
