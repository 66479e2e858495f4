package io.millrace.ingest.adapt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** How adapters read JSON. */
public final class BodyJson {
    /** Far over an event's own limit, which is checked for each; it bounds what a parser keeps for one body. */
    private static final int NESTING = 1_000;

    /** Thread-safe. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING)
                    // Bodies are bounded before they come here.
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            // Interning takes a lock of the whole JVM for every new name, and producers choose the names.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private BodyJson() {}
}
