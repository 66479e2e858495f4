package io.millrace.processor.feature;

/** The bytes are no user state that this release can read: damaged, cut off, or written by a later release. */
public final class CorruptStateException extends RuntimeException {
    CorruptStateException(String message) {
        super(message);
    }
}
