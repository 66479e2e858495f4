package io.millrace.ingest.receive;

/** The door could not be opened; the message says why in one sentence. */
public final class DoorClosedException extends RuntimeException {
    public DoorClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
