package io.millrace.processor.feature;

/** How an event's time stands to the newest event of its user; the topology counts them. */
public enum Arrival {
    /** None of the user's events is newer. */
    IN_ORDER,
    /** Older than the newest by no more than the lateness: it changes the state in its own place in time. */
    LATE,
    /** Older than that: it is scored from what is retained, and does not change the state. */
    TOO_LATE
}
