package io.millrace.ingest.adapt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body of a foreign protocol held, in its order.
 *
 * @param writeKey that the body names as its sender's; null where it names none
 * @param candidates none where the body says well-formed that nothing happened
 */
public record Adapted(@Nullable String writeKey, List<Candidate> candidates) {
    public Adapted {
        candidates = List.copyOf(candidates);
    }

    /** Bytes that the translation made, beside the body. */
    public long bytes() {
        long bytes = 0;
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Translated translated) {
                bytes += translated.event().length;
            }
        }
        return bytes;
    }
}
