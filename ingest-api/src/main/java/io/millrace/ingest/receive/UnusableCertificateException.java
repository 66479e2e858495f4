package io.millrace.ingest.receive;

import org.jspecify.annotations.Nullable;

/** The files of the door's certificate cannot be used; the message names them and says why. */
final class UnusableCertificateException extends RuntimeException {
    UnusableCertificateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
