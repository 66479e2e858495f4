package io.millrace.trace;

import io.millrace.identity.Traceparent;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What tracing costs one event on its whole way: receive, publish, score, store, as the three programs call it. Spans go to
 * an endpoint that is not there, so the queue is full and the cost is that of making them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TracingBenchmark {
    /** off: no endpoint, no lines; otherwise the share that is sampled. */
    @Param({"off", "0", "0.01", "1"})
    public String sample = "off";

    private Tracing tracing = Tracing.OFF;

    @Setup
    public void start() {
        tracing = sample.equals("off")
                ? Tracing.OFF
                : Tracing.start(
                        new TracingConfig(
                                Double.parseDouble(sample), "http://127.0.0.1:9/v1/traces", Map.of(), 8_192, 20),
                        "benchmark");
    }

    @TearDown
    public void stop() {
        tracing.close();
    }

    @Benchmark
    public @Nullable Traceparent oneEvent() {
        Step receive = tracing.receive("receive publishEvents", null, null);
        Step publish = tracing.produce("publish", receive.trace());
        publish.put("event.id", "e1").end();
        receive.put("outcome", "accepted").end();
        Step score = tracing.consume("score", publish.trace());
        score.put("event.id", "e1").put("batch.size", 64).end();
        Step store = tracing.consume("store", score.trace());
        store.put("event.id", "e1").put("batch.size", 5_000).end();
        return store.trace();
    }
}
