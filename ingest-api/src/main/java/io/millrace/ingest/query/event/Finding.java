package io.millrace.ingest.query.event;

import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.Traceparent;
import org.jspecify.annotations.Nullable;

/** A record about the event that is looked for. */
sealed interface Finding {
    /** Where it stands. */
    String topic();

    int partition();

    long offset();

    /**
     * On a topic of events.
     *
     * @param redriven whether it was put back from dead-letters
     */
    record Arrived(
            String topic,
            int partition,
            long offset,
            Event event,
            @Nullable Traceparent trace,
            boolean redriven) implements Finding {}

    /** On dead-letters. */
    record Letter(String topic, int partition, long offset, DeadLetter letter) implements Finding {}
}
