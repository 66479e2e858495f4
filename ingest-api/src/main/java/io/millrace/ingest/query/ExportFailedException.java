package io.millrace.ingest.query;

/** A result cannot be streamed to its end. An outcome, not a bug: it carries no stack. */
final class ExportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ExportFailedException(String message) {
        super(message, null, false, false);
    }
}
