package io.millrace.ingest.query.live;

/** Why a client was cut off; it may come back with the last id it saw. An outcome, not a bug: it carries no stack. */
final class StreamEndedException extends Exception {
    private static final long serialVersionUID = 1L;

    StreamEndedException(String message) {
        super(message, null, false, false);
    }
}
