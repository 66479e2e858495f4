package io.millrace.processor;

import io.millrace.config.Key;
import io.millrace.config.SharedKeys;
import io.millrace.log.LogKeys;
import io.millrace.processor.quality.QualityKeys;
import io.millrace.processor.registry.RegistryKeys;
import io.millrace.processor.serve.ServeKeys;
import io.millrace.processor.store.StoreKeys;
import io.millrace.processor.topology.Guarantee;
import io.millrace.trace.TraceKeys;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Every setting of the stream processor. */
public final class ProcessorKeys {
    static final Key<String> APPLICATION_ID = Key.text(
            "processor.application-id",
            "millrace-processor",
            "Kafka Streams' application id: the consumer group, and the prefix of the changelog topics.");
    static final Key<String> INSTANCE_ID = Key.text(
            "processor.instance-id",
            "",
            "This instance's name in the consumer group, unique and the same after a restart, so that a restart needs no"
                    + " rebalance; empty: made once and kept in the state directory.");
    public static final Key<String> STATE_DIR =
            Key.text("processor.state-dir", "data/state", "Where local state is kept; losing it costs a restore.");
    static final Key<Integer> THREADS =
            Key.integer("processor.threads", 1, 1, 256, "Stream threads; more than there are partitions are idle.");
    static final Key<Guarantee> GUARANTEE = Key.choice(
            "processor.guarantee",
            Guarantee.EXACTLY_ONCE,
            Guarantee.class,
            "exactly-once: predictions and state commit in one transaction; at-least-once: cheaper, and events since the"
                    + " last commit are scored again after a crash.");
    static final Key<Duration> COMMIT_INTERVAL = Key.duration(
            "processor.commit-interval",
            "20ms",
            "The shortest time from one commit to the next, of which each makes predictions visible to read_committed"
                    + " consumers. It grows by itself, up to two seconds, where commits take longer or events come late.");
    static final Key<Duration> LINGER = Key.duration(
            "processor.batch-linger",
            "5ms",
            "How long an event waits at most for its micro-batch to fill while more events keep coming.");
    static final Key<Integer> BATCH_SIZE = Key.integer(
            "processor.batch-size",
            1024,
            1,
            1024,
            "The most events that a model scores at once; 1 scores each alone, which takes many times as long.");
    static final Key<Duration> LATENESS = Key.duration(
            "processor.lateness",
            "1h",
            "How much older than the user's newest event an event may be and still count in the features.");
    static final Key<Long> STATE_MEMORY = Key.bytes(
            "processor.state-memory",
            128L << 20,
            16L << 20,
            1L << 40,
            "Native memory of all local state stores together, in bytes.");
    static final Key<Long> STATE_CACHE = Key.bytes(
            "processor.state-cache",
            64L << 20,
            0,
            1L << 40,
            "Heap that keeps users' state between commits, in bytes; it spares changelog writes.");
    static final Key<Integer> STANDBYS = Key.integer(
            "processor.standby-replicas", 0, 0, 5, "Warm copies of each partition's state on other instances.");
    static final Key<URI> CLOUDEVENTS_SOURCE = new Key<>(
            "processor.cloudevents-source",
            "",
            "a URI reference",
            "Where it is a URI reference, such as /millrace, predictions are Kafka CloudEvents in binary mode from this"
                    + " source, which costs about 160 bytes of headers each; empty: they are not.",
            false,
            URI::create);
    static final Key<String> MODELS_DIR = Key.text(
            "processor.models-dir",
            "",
            "A directory with one directory a model (model.yaml, its artifact and, where it is signed, model.sig), which are"
                    + " registered and, where none of their name was ever deployed, deployed; empty: those that come with"
                    + " Millrace.");
    static final Key<Long> MODEL_BYTES = Key.bytes(
            "processor.model-max-bytes",
            512L << 20,
            1,
            1L << 40,
            "The largest artifact that is registered and loaded, in bytes; a quarter of the heap where that is less.");
    static final Key<Duration> MODEL_WARM_UP = Key.duration(
            "processor.model-warm-up", "60s", "How long loading and trying out a model may take before it is refused.");
    static final Key<String> HTTP_HOST =
            Key.text("processor.http.host", "127.0.0.1", "Address of /healthz, /readyz and /metrics.");
    public static final Key<Integer> HTTP_PORT = Key.integer(
            "processor.http.port", 8081, 0, 65_535, "Port of /healthz, /readyz and /metrics; 0 picks a free one.");
    static final Key<Duration> START_TIMEOUT =
            Key.duration("processor.start-timeout", "30s", "How long the start waits for the broker and the database.");

    /** Of this process, the shared ones, the store's and the service's included. */
    public static final List<Key<?>> ALL = Stream.of(
                    SharedKeys.ALL.stream(),
                    Stream.<Key<?>>of(
                            APPLICATION_ID,
                            INSTANCE_ID,
                            STATE_DIR,
                            THREADS,
                            GUARANTEE,
                            COMMIT_INTERVAL,
                            LINGER,
                            BATCH_SIZE,
                            LATENESS,
                            STATE_MEMORY,
                            STATE_CACHE,
                            STANDBYS,
                            CLOUDEVENTS_SOURCE,
                            MODELS_DIR,
                            MODEL_BYTES,
                            MODEL_WARM_UP,
                            HTTP_HOST,
                            HTTP_PORT,
                            START_TIMEOUT),
                    QualityKeys.ALL.stream(),
                    StoreKeys.ALL.stream(),
                    ServeKeys.ALL.stream(),
                    RegistryKeys.ALL.stream(),
                    LogKeys.ALL.stream(),
                    TraceKeys.ALL.stream())
            .<Key<?>>flatMap(keys -> keys)
            .toList();

    private ProcessorKeys() {}
}
