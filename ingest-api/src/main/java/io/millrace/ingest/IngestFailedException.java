package io.millrace.ingest;

/** ingest-api could not start; the message says why in one sentence. */
public final class IngestFailedException extends RuntimeException {
    IngestFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
