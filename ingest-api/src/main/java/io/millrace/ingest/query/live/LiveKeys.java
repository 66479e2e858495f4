package io.millrace.ingest.query.live;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of predictions that are sent as they are made. */
public final class LiveKeys {
    static final Key<Integer> CLIENTS = Key.integer(
            "query.live.clients", 100, 1, 100_000, "Most that listen at a time for predictions; more get 429.");
    static final Key<Long> QUEUE_BYTES = Key.bytes(
            "query.live.queue-bytes",
            2 << 20,
            256 * 1024,
            1L << 30,
            "Bytes that wait for one listener; one that lets more wait is cut off. A commit's predictions come at once and must"
                    + " find room.");
    static final Key<Duration> HEARTBEAT =
            Key.duration("query.live.heartbeat", "15s", "Longest silence on a listener's connection.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(CLIENTS, QUEUE_BYTES, HEARTBEAT);

    private LiveKeys() {}
}
