package io.millrace.trace;

import io.millrace.config.Key;
import java.util.List;

/** The settings of tracing, the same in every process. */
public final class TraceKeys {
    public static final Key<Double> SAMPLE = Key.ratio(
            "tracing.sample",
            0,
            "Share of the traces that begin at the door whose spans are recorded; a trace that comes with a request is"
                    + " recorded where its caller says so.");

    public static final Key<String> ENDPOINT = Key.text(
            "tracing.otlp-endpoint",
            "",
            "URL that takes spans as OTLP over HTTP, such as http://localhost:4318/v1/traces; empty sends them nowhere.");

    public static final Key<String> HEADERS = Key.secret(
            "tracing.otlp-headers", "", "Headers that go with the spans: name=value,name=value,…, for a token say.");

    public static final Key<Integer> QUEUE = Key.integer(
            "tracing.queue",
            8_192,
            512,
            1_000_000,
            "Spans that wait to be sent at most; one more is dropped, and nobody waits for it.");

    public static final Key<Integer> LOG = Key.integer(
            "tracing.log",
            20,
            0,
            10_000,
            "Recorded spans that become a line of the log each second at most, for `millrace trace`; 0 for none.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(SAMPLE, ENDPOINT, HEADERS, QUEUE, LOG);

    private TraceKeys() {}
}
