package io.millrace.ingest.query;

import io.millrace.config.PostgresLogin;
import io.millrace.config.Settings;
import java.time.Duration;
import java.util.Objects;

/**
 * What the read side needs to know.
 *
 * @param postgres where the rows are
 * @param connections most at a time
 * @param patience how long to wait for a free connection
 * @param timeout of one statement
 * @param pageBytes a page ends early once it has this many
 * @param exports whole results that are streamed at a time
 * @param eventsAhead how far an event's time may be after its receipt, as the door enforces it: it tells which days of
 *     receipt a range of event times cannot be in
 */
public record QueryConfig(
        PostgresLogin postgres,
        int connections,
        Duration patience,
        Duration timeout,
        long pageBytes,
        int exports,
        Duration eventsAhead) {
    public QueryConfig {
        Objects.requireNonNull(postgres, "postgres");
        Objects.requireNonNull(patience, "patience");
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(eventsAhead, "eventsAhead");
    }

    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static QueryConfig from(Settings settings, Duration eventsAhead) {
        return new QueryConfig(
                PostgresLogin.from(settings),
                settings.get(QueryKeys.CONNECTIONS),
                settings.get(QueryKeys.PATIENCE),
                settings.get(QueryKeys.TIMEOUT),
                settings.get(QueryKeys.PAGE_BYTES),
                settings.get(QueryKeys.EXPORTS),
                eventsAhead);
    }
}
