package io.millrace.ingest.ask;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of questions to the processor. */
public final class AskKeys {
    public static final Key<String> PROCESSORS = Key.text(
            "ingest.processor.grpc",
            "",
            "Where the processors' ScoringService listens, host:port,…; empty: predictions on request and users' profiles"
                    + " are answered with 503.");

    static final Key<Duration> DEADLINE = Key.duration(
            "ingest.processor.deadline", "2s", "How long a question to the processor may take, its retries included.");

    static final Key<Integer> ATTEMPTS = Key.integer(
            "ingest.processor.attempts",
            3,
            1,
            10,
            "How often a question is asked while the answer is that the processor is unavailable, each time of the next one.");

    static final Key<Duration> BACKOFF = Key.duration(
            "ingest.processor.backoff",
            "20ms",
            "How long the second attempt waits, give or take half of it; it doubles with each.");

    static final Key<Integer> IN_FLIGHT = Key.integer(
            "ingest.processor.in-flight",
            2_048,
            1,
            1_000_000,
            "Questions that may be under way to one processor; more are answered with 429.");

    static final Key<Duration> OPEN = Key.duration(
            "ingest.processor.open",
            "2s",
            "How long a processor is left alone once half of the last questions to it were not answered.");

    static final Key<Duration> USER_DEADLINE = Key.duration(
            "ingest.user-deadline",
            "1s",
            "How long what is known of a user may take; what the processor or the store has not said by then is missing.");

    static final Key<Long> MODEL_BYTES = Key.bytes(
            "ingest.models.max-bytes",
            512L << 20,
            1,
            1L << 40,
            "The largest upload of a model, in bytes; it goes on to the processor as it comes.");

    static final Key<Duration> MODEL_DEADLINE = Key.duration(
            "ingest.models.deadline",
            "5m",
            "How long the upload of a model may take, and how long its trial after, or a change of a deployment.");

    /** Every key, for the list of the process. */
    public static final List<Key<?>> ALL = List.of(
            PROCESSORS, DEADLINE, ATTEMPTS, BACKOFF, IN_FLIGHT, OPEN, USER_DEADLINE, MODEL_BYTES, MODEL_DEADLINE);

    private AskKeys() {}
}
