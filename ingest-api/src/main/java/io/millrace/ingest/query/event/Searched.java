package io.millrace.ingest.query.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a topic was searched, so that nobody takes "not found" for "not there".
 *
 * @param from the earliest time from which all was searched; null for the oldest that is kept
 * @param to the time up to which; the same as {@code from} where nothing was searched to its end
 * @param complete whether that is all that was asked for
 */
record Searched(
        String topic, List<Finding> findings, @Nullable Instant from, Instant to, boolean complete) {
    Searched {
        findings = List.copyOf(findings);
    }
}
