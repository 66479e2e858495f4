package io.millrace.processor.serve;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of ScoringService. */
public final class ServeKeys {
    public static final Key<String> HOST = Key.text(
            "processor.grpc.host",
            "127.0.0.1",
            "Address of ScoringService, for ingest-api and other processors; it asks for no credentials.");

    public static final Key<Integer> PORT =
            Key.integer("processor.grpc.port", 8082, 0, 65_535, "Port of ScoringService; 0 picks a free one.");

    static final Key<String> ADVERTISED = Key.text(
            "processor.grpc.advertised",
            "",
            "host:port under which other processors reach this one's ScoringService; empty: its host, or this machine's"
                    + " address where that is every address, and its port.");

    static final Key<Integer> WAITING = Key.integer(
            "processor.predict.waiting",
            4_096,
            1,
            1_000_000,
            "Requests to predict that may wait for the scorer; more are refused.");

    static final Key<Duration> LINGER = Key.duration(
            "processor.predict.linger",
            "2ms",
            "How long a batch waits at most for requests that are already on their way to it.");

    static final Key<Duration> DEADLINE = Key.duration(
            "processor.predict.deadline", "2s", "How long a call may take that brings no deadline of its own.");

    static final Key<Integer> READERS =
            Key.integer("processor.predict.readers", 2, 1, 256, "Threads that read users' state for calls.");

    static final Key<String> MODEL = Key.text(
            "processor.predict.model",
            "purchase-intent",
            "The model that is meant where a question about a user names none and several have a champion.");

    /** Every key of the service, for the list of the process. */
    public static final List<Key<?>> ALL = List.of(HOST, PORT, ADVERTISED, WAITING, LINGER, DEADLINE, READERS, MODEL);

    private ServeKeys() {}
}
