package io.millrace.processor.store;

import io.millrace.config.PostgresLogin;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import java.time.Duration;
import java.util.Objects;

/**
 * What the store's writer needs to know.
 *
 * @param bootstrap Kafka's host:port list
 * @param postgres where the rows go
 * @param group the consumer group; also the key of the offsets in the database
 * @param batchRows most rows in one transaction
 * @param linger how long a poll waits for a fuller batch
 * @param retention how long rows are kept, by time of receipt, in whole days
 * @param timeout how long a statement may take before its connection is given up
 * @param longestBackoff between two tries while the database is away
 */
public record StoreConfig(
        String bootstrap,
        PostgresLogin postgres,
        String group,
        int batchRows,
        Duration linger,
        Duration retention,
        Duration timeout,
        Duration longestBackoff) {
    public StoreConfig {
        Objects.requireNonNull(bootstrap, "bootstrap");
        Objects.requireNonNull(postgres, "postgres");
        if (retention.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("store.retention " + retention + ": expected a day or more");
        }
    }

    /** The same with another database. */
    public StoreConfig withPostgres(PostgresLogin other) {
        return new StoreConfig(bootstrap, other, group, batchRows, linger, retention, timeout, longestBackoff);
    }

    /** The same with offsets of its own. */
    StoreConfig withGroup(String other) {
        return new StoreConfig(bootstrap, postgres, other, batchRows, linger, retention, timeout, longestBackoff);
    }

    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static StoreConfig from(Settings settings) {
        Duration retention = settings.get(StoreKeys.RETENTION);
        if (retention.compareTo(Duration.ofDays(1)) < 0) {
            settings.error("store.retention: given " + retention + ", expected a day or more");
            retention = Duration.ofDays(1);
        }
        return new StoreConfig(
                settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                PostgresLogin.from(settings),
                settings.get(StoreKeys.GROUP),
                settings.get(StoreKeys.BATCH_ROWS),
                settings.get(StoreKeys.LINGER),
                retention,
                settings.get(StoreKeys.TIMEOUT),
                settings.get(StoreKeys.LONGEST_BACKOFF));
    }
}
