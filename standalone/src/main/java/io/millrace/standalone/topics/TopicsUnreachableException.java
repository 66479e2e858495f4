package io.millrace.standalone.topics;

/** The broker does not answer; the message is one sentence. */
public final class TopicsUnreachableException extends RuntimeException {
    TopicsUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
