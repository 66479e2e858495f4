package io.millrace.processor.store;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of the store's writer. */
public final class StoreKeys {
    static final Key<String> GROUP = Key.text(
            "store.group",
            "millrace-store",
            "Consumer group of the store's writers, in Kafka and in consumer_offsets.");
    static final Key<Integer> BATCH_ROWS = Key.integer(
            "store.batch.rows",
            5_000,
            1,
            50_000,
            "Most rows that one transaction writes; it bounds the writer's memory.");
    static final Key<Duration> LINGER = Key.duration(
            "store.linger", "50ms", "How long the writer waits for a fuller batch when there is little to do.");
    static final Key<Duration> RETENTION =
            Key.duration("store.retention", "30d", "How long predictions are kept, by time of receipt, in whole days.");
    static final Key<Duration> TIMEOUT = Key.duration(
            "store.timeout",
            "30s",
            "How long PostgreSQL may take over one statement before the connection is given up.");
    static final Key<Duration> LONGEST_BACKOFF = Key.duration(
            "store.retry.longest-backoff", "5s", "Longest wait between two tries while PostgreSQL is away.");

    /** Every key of the store's writer, for the list of the process. */
    public static final List<Key<?>> ALL = List.of(GROUP, BATCH_ROWS, LINGER, RETENTION, TIMEOUT, LONGEST_BACKOFF);

    private StoreKeys() {}
}
