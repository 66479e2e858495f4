package io.millrace.processor.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** What ScoringService counts. Labels are bounded: methods and statuses are gRPC's. Thread-safe. */
final class ServeMeters {
    private record Call(String method, GrpcStatus status) {}

    private final MeterRegistry registry;
    private final Map<Call, Timer> calls = new ConcurrentHashMap<>();
    private final DistributionSummary batchSize;
    private final Timer inference;
    private final Counter expired;
    private final Counter forwarded;

    ServeMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batchSize = DistributionSummary.builder("millrace.predict.batch.size")
                .description("Requests to predict that were scored together")
                .register(registry);
        this.inference = Timer.builder("millrace.predict.inference")
                .description("One batch of requests to predict through the model")
                .register(registry);
        this.expired = Counter.builder("millrace.predict.expired")
                .description("Requests to predict whose deadline passed while they waited")
                .register(registry);
        this.forwarded = Counter.builder("millrace.serve.forwarded")
                .description("Calls handed on to the processor that owns the user")
                .register(registry);
    }

    void waiting(IntSupplier waiting) {
        Gauge.builder("millrace.predict.waiting", () -> waiting.getAsInt())
                .description("Requests to predict that wait for the scorer")
                .register(registry);
    }

    void call(String method, GrpcStatus status, long nanos) {
        calls.computeIfAbsent(new Call(method, status), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Call call) {
        return Timer.builder("millrace.serve.calls")
                .description("Calls of ScoringService")
                .tag("method", call.method())
                .tag("status", call.status().name())
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(registry);
    }

    void batch(int size, long nanos) {
        batchSize.record(size);
        inference.record(nanos, TimeUnit.NANOSECONDS);
    }

    void expired() {
        expired.increment();
    }

    void forwarded() {
        forwarded.increment();
    }
}
