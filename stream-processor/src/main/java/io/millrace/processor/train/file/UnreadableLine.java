package io.millrace.processor.train.file;

import java.util.Objects;

/**
 * A line that cannot be made into an event.
 *
 * @param line its number in the file, from 1
 * @param why one sentence
 */
public record UnreadableLine(long line, String why) implements FileLine {
    public UnreadableLine {
        Objects.requireNonNull(why, "why");
    }
}
