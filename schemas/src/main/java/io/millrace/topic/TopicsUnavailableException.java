package io.millrace.topic;

import org.jspecify.annotations.Nullable;

/** The topics could not be made ready; trying again later may help. */
public final class TopicsUnavailableException extends RuntimeException {
    public TopicsUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
