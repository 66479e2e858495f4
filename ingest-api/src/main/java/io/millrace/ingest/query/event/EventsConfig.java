package io.millrace.ingest.query.event;

import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import java.time.Duration;

/**
 * How an event is looked for.
 *
 * @param bootstrap Kafka's addresses
 * @param searches at a time
 * @param deadline of one of them
 */
public record EventsConfig(String bootstrap, int searches, Duration deadline) {
    /** What an answer comes after its search at the latest. */
    static final Duration GRACE = Duration.ofMillis(500);

    /**
     * Reads the keys; wrong values are collected in {@code settings}.
     *
     * @param requestDeadline when the door would answer in place of the search
     */
    public static EventsConfig from(Settings settings, Duration requestDeadline) {
        Duration deadline = settings.get(EventsKeys.DEADLINE);
        if (deadline.plus(GRACE.multipliedBy(2)).compareTo(requestDeadline) > 0) {
            settings.error(EventsKeys.DEADLINE.path() + ": given " + deadline.toMillis()
                    + " ms, expected at least a second less than ingest.http.request-deadline, "
                    + requestDeadline.toMillis() + " ms");
        }
        return new EventsConfig(settings.get(SharedKeys.KAFKA_BOOTSTRAP), settings.get(EventsKeys.SEARCHES), deadline);
    }
}
