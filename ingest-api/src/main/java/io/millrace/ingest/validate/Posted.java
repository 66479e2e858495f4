package io.millrace.ingest.validate;

import io.millrace.event.Event;
import io.millrace.ingest.outcome.Refusal;
import org.jspecify.annotations.Nullable;

/** One event of a body, after its check. */
public sealed interface Posted {
    /** Its place in the body, from 0. */
    int index();

    /** It may go on; its objects are slices of the body. */
    record Valid(int index, Event event) implements Posted {}

    /**
     * It may not.
     *
     * @param id its own, where it could be read
     * @param payload what was posted, for the dead letter
     */
    record Invalid(int index, @Nullable String id, Refusal refusal, Slice payload) implements Posted {}
}
