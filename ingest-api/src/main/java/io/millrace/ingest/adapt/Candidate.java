package io.millrace.ingest.adapt;

import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import org.jspecify.annotations.Nullable;

/** What may become an event: the door's own reader has the last word on it. */
public sealed interface Candidate {
    /**
     * As {@code posted-event.schema.json} says it, one JSON object. A refusal's dead letter keeps it in this form, which
     * {@code millrace redrive} reads.
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record Translated(byte[] event) implements Candidate {}

    /**
     * What cannot be translated, or breaks a limit of its protocol.
     *
     * @param id its own, where it could be read
     * @param sent as it came, for the dead letter
     */
    record Untranslated(@Nullable String id, Refusal refusal, Slice sent) implements Candidate {}
}
