package io.millrace.ingest.query.live;

import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import java.time.Duration;

/**
 * How predictions are sent as they are made.
 *
 * @param bootstrap Kafka's addresses
 * @param clients that listen at a time
 * @param queueBytes that wait for one client before it counts as slow
 * @param heartbeat the longest silence on a connection
 */
public record LiveConfig(String bootstrap, int clients, long queueBytes, Duration heartbeat) {
    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static LiveConfig from(Settings settings) {
        return new LiveConfig(
                settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                settings.get(LiveKeys.CLIENTS),
                settings.get(LiveKeys.QUEUE_BYTES),
                settings.get(LiveKeys.HEARTBEAT));
    }
}
