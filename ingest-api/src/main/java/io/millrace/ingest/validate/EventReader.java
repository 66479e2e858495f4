package io.millrace.ingest.validate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.identity.Source;
import java.time.Instant;

/**
 * Reads posted bytes as events: a scan for text that cannot be kept, then one pass of Jackson's streaming parser, no
 * tree. One bad event does not refuse its neighbours, as long as the array, or in NDJSON the line, is JSON. Thread-safe.
 */
public final class EventReader {
    /** Far over the event's own limit, which is checked per event; it bounds what the parser keeps for one body. */
    private static final int PARSER_NESTING = 1_000;

    private final ValidationLimits limits;
    private final JsonFactory json;

    public EventReader(ValidationLimits limits) {
        this.limits = limits;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Math.max(PARSER_NESTING, limits.nesting() + 2))
                        // Bodies are bounded before they come here; a second bound would only blur the reason.
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                // Interning takes a lock of the whole JVM for every new name, and producers choose the names.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    public ValidationLimits limits() {
        return limits;
    }

    /** Reads a body, which nobody may write to any more: the events keep slices of it. */
    public Batch read(byte[] body, Framing framing, Source source, Instant received) {
        BodyReading reading = new BodyReading(limits, json, body, source, received);
        return switch (framing) {
            case JSON -> reading.readValue();
            case NDJSON -> reading.readLines();
        };
    }
}
