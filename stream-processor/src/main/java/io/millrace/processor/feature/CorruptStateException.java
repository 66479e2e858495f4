package io.millrace.processor.feature;

/** The bytes are no user state that this release can read: damaged, cut off, or written by a later release. */
public sealed class CorruptStateException extends RuntimeException permits StateVersionException {
    CorruptStateException(String message) {
        super(message);
    }
}
