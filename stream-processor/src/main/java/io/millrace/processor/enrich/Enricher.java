package io.millrace.processor.enrich;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.Profile;
import io.millrace.json.JsonObject;
import io.millrace.processor.feature.Observation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Merges identify events into profiles. Pure and stateless.
 *
 * <p>Traits are merged field by field, and a null removes its field. Time is per identify event, not per field: one that
 * is as new as the profile or newer overwrites; an older one that comes late only adds the fields that the profile lacks,
 * so it never overwrites what is newer, and what it alone knows is not lost. (A field that a newer identify removed can
 * so come back.) The time is the one that features use, never later than the receipt.
 *
 * <p>A profile holds at most {@value #MOST_FIELDS} fields and {@value #MOST_BYTES} bytes of JSON. A trait that does not
 * fit is dropped and counted, and the field keeps what it had.
 */
public final class Enricher {
    public static final int MOST_FIELDS = 128;
    public static final int MOST_BYTES = 16 * 1024;

    /**
     * Joins a user's profile with an event; only an identify event changes it.
     *
     * @param known the user's profile so far, or null
     */
    public Enrichment merge(@Nullable Profile known, Event event) {
        if (event.kind() != EventKind.IDENTIFY) {
            return new Enrichment(known, false, 0);
        }
        Instant time = Instant.ofEpochMilli(Observation.time(event.times()));
        Profile before = known == null ? new Profile(event.user(), JsonObject.EMPTY, time) : known;
        boolean older = time.isBefore(before.updatedAt());
        TraitFields fields = TraitFields.of(before.traits());
        int dropped = fields.merge(event.traits(), !older);
        Profile merged = new Profile(event.user(), fields.toJson(), older ? before.updatedAt() : time);
        return merged.equals(known) ? new Enrichment(known, false, dropped) : new Enrichment(merged, true, dropped);
    }
}
