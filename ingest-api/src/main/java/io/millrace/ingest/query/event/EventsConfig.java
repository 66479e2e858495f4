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
    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static EventsConfig from(Settings settings) {
        return new EventsConfig(
                settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                settings.get(EventsKeys.SEARCHES),
                settings.get(EventsKeys.DEADLINE));
    }
}
