package io.millrace.processor.enrich;

import io.millrace.event.Profile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an identify event did to its user's profile.
 *
 * @param profile as it is now
 * @param changed whether it differs from what it was, and so has to be written
 * @param dropped how many of the event's traits did not fit into the profile's bounds; count them, never silently
 */
public record Enrichment(@Nullable Profile profile, boolean changed, int dropped) {
    public Enrichment {
        if (changed) {
            Objects.requireNonNull(profile, "profile");
        }
    }
}
