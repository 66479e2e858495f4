package io.millrace.processor.train.file;

/** One line of an event file: an event, or a line that is none. */
public sealed interface FileLine permits FileEvent, UnreadableLine {
    /** Its number in the file, from 1. */
    long line();
}
