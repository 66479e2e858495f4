package io.millrace.ingest.query.event;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of looking for an event. */
public final class EventsKeys {
    static final Key<Integer> SEARCHES = Key.integer(
            "query.events.searches", 2, 1, 64, "Events that are looked for on the topics at a time; a few more wait.");
    static final Key<Duration> DEADLINE = Key.duration(
            "query.events.deadline",
            "3s",
            "How long an event is looked for; then what was found is answered. At least a second less than"
                    + " ingest.http.request-deadline.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(SEARCHES, DEADLINE);

    private EventsKeys() {}
}
