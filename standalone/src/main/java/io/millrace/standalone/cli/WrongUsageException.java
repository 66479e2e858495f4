package io.millrace.standalone.cli;

/** The arguments make no sense together; the message says what was expected. */
final class WrongUsageException extends CommandFailedException {
    WrongUsageException(String message) {
        super(message);
    }
}
