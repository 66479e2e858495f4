package io.millrace.ingest.query.event;

import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.Traceparent;
import org.jspecify.annotations.Nullable;

/** A record about the event that is looked for. */
sealed interface Finding {
    int partition();

    long offset();

    /** On user-events. */
    record Arrived(
            int partition,
            long offset,
            Event event,
            @Nullable Traceparent trace) implements Finding {}

    /** On dead-letters. */
    record Letter(int partition, long offset, DeadLetter letter) implements Finding {}
}
