package io.millrace.processor.score;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What de-duplication costs the stream thread for a new event, on RocksDB; the changelog record is not in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class SeenEventsBenchmark {
    private static final byte[] USER = {1};
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** How many ids the last 24 hours hold when the measuring begins. */
    @Param({"0", "1000000"})
    public int remembered;

    private WindowStore<byte[], byte[]> store = store();
    private SeenEvents seen = new SeenEvents(context(), store);
    private long next;

    @Setup
    public void open() throws IOException {
        Path folder = Files.createTempDirectory("seen");
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "benchmark");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        store = store();
        store.init(
                new MockProcessorContext<>(settings, new TaskId(0, 0), folder.toFile()).getStateStoreContext(), store);
        seen = new SeenEvents(context(), store);
        for (int i = 0; i < remembered; i++) {
            take(event(next++, NOON.minusSeconds(43_200L - i % 43_200)));
        }
    }

    @TearDown
    public void close() {
        store.close();
    }

    @Benchmark
    public boolean newEvent() {
        return take(event(next++, NOON));
    }

    private boolean take(Event event) {
        boolean isNew = seen.isNew(event, null);
        if (isNew) {
            seen.remember(event, null, USER);
        }
        return isNew;
    }

    private static InternalProcessorContext<?, ?> context() {
        return (InternalProcessorContext<?, ?>) new MockProcessorContext<>().getStateStoreContext();
    }

    private static WindowStore<byte[], byte[]> store() {
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore("seen", SeenEvents.RETENTION, SeenEvents.WINDOW, false),
                        Serdes.ByteArray(),
                        Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    private static Event event(long number, Instant received) {
        return new Event(
                new EventId("018f3c1e-7d2a-7000-8000-" + (100_000_000_000L + number)),
                new Source("web"),
                "u1",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, received, received, EventTimes.Basis.RECEIVED));
    }

    /** Runs it. */
    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(SeenEventsBenchmark.class.getName())
                        .build())
                .run();
    }
}
