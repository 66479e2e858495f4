package io.millrace.standalone.run;

import io.millrace.config.Key;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.query.QueryKeys;
import io.millrace.processor.ProcessorKeys;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The settings of a standalone Millrace that the parts do not have themselves. */
public final class StandaloneKeys {
    public static final Key<Integer> KAFKA_PORT = Key.integer(
            "standalone.kafka-port", 9092, 0, 65_535, "Port of the embedded Kafka, on loopback; 0 picks a free one.");

    public static final Key<Integer> POSTGRES_PORT = Key.integer(
            "standalone.postgres-port",
            5432,
            0,
            65_535,
            "Port of the embedded PostgreSQL, on loopback; 0 picks a free one.");

    static final Key<Duration> TOKEN_LIFETIME = Key.duration(
            "standalone.token-lifetime",
            "365d",
            "How long the tokens are valid that a start writes to credentials.json.");

    static final Key<Duration> READY_TIMEOUT = Key.duration(
            "standalone.ready-timeout",
            "3m",
            "How long a start waits until an event would be scored, before it gives up and stops.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(KAFKA_PORT, POSTGRES_PORT, TOKEN_LIFETIME, READY_TIMEOUT);

    /** Every key of the whole of Millrace. */
    public static final List<Key<?>> EVERY = Stream.of(ALL, IngestKeys.ALL, QueryKeys.ALL, ProcessorKeys.ALL)
            .<Key<?>>flatMap(List::stream)
            .toList();

    private StandaloneKeys() {}
}
