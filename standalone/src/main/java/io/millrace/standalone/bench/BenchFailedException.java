package io.millrace.standalone.bench;

/** A benchmark could not be run to its end; the message says why. */
public final class BenchFailedException extends Exception {
    BenchFailedException(String message) {
        super(message);
    }
}
