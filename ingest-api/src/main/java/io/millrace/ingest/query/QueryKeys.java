package io.millrace.ingest.query;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of the read side. */
public final class QueryKeys {
    static final Key<Integer> CONNECTIONS =
            Key.integer("query.connections", 8, 1, 100, "Most connections to PostgreSQL that reads hold at a time.");
    static final Key<Duration> PATIENCE = Key.duration(
            "query.patience", "1s", "How long a read waits for a free connection before it is answered with 503.");
    static final Key<Duration> TIMEOUT =
            Key.duration("query.timeout", "5s", "How long PostgreSQL may work on one read before it is cancelled.");
    static final Key<Long> PAGE_BYTES = Key.bytes(
            "query.page.bytes",
            4L << 20,
            1L << 16,
            1L << 28,
            "A page ends early, with a cursor, once it has this many.");

    static final Key<Integer> EXPORTS = Key.integer(
            "query.exports", 8, 1, 1_000, "Most results that are streamed as NDJSON or CSV at a time; more get 429.");

    /** Every key of the read side, for the list of the process. */
    public static final List<Key<?>> ALL = List.of(CONNECTIONS, PATIENCE, TIMEOUT, PAGE_BYTES, EXPORTS);

    private QueryKeys() {}
}
