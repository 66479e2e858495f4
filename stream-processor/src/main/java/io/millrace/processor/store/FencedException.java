package io.millrace.processor.store;

/** Another writer has stored what this one was about to: it must roll back and read the offsets anew. */
final class FencedException extends Exception {
    FencedException(String message) {
        super(message);
    }
}
