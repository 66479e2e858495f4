package io.millrace.ingest.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.deadletter.Reason;
import io.millrace.meter.Buckets;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The door's meters. No label takes a value from a request: operations and codes come from the contract. Thread-safe.
 */
public final class Meters {
    private static final String BYTES = "bytes";

    private record Request(String operation, String outcome) {}

    private final PrometheusMeterRegistry registry;
    private final Map<Request, Counter> requests = new ConcurrentHashMap<>();
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
    private final Counter accepted;
    private final Timer publish;
    private final Counter plainLogs;

    public Meters(PrometheusMeterRegistry registry) {
        this.registry = registry;
        accepted = Counter.builder("millrace.ingest.events.accepted")
                .description("Events acknowledged by the broker")
                .register(registry);
        for (Reason reason : Reason.values()) {
            refused.put(
                    reason,
                    Counter.builder("millrace.ingest.events.refused")
                            .description("Events refused by the door")
                            .tag("reason", reason.code())
                            .register(registry));
        }
        plainLogs = Counter.builder("millrace.ingest.logs.plain")
                .description("Log records without the name of an event, which OTLP brought and nobody keeps")
                .register(registry);
        publish = Timer.builder("millrace.ingest.publish")
                .description("From validated to acknowledged by the broker, per request")
                .serviceLevelObjectives(Buckets.latency())
                .register(registry);
        gauge(
                "millrace.ingest.netty.direct",
                "Direct memory of Netty, which JVM buffer pools do not count",
                BYTES,
                PlatformDependent::usedDirectMemory);
    }

    /** Counts one answered request. */
    void request(String operation, String outcome, Duration took) {
        requests.computeIfAbsent(new Request(operation, outcome), this::requestCounter)
                .increment();
        durations.computeIfAbsent(operation, this::requestTimer).record(took);
    }

    private Timer requestTimer(String operation) {
        return Timer.builder("millrace.ingest.request")
                .description("From the head of a request to its answer, by operation of the contract")
                .tag("operation", operation)
                .serviceLevelObjectives(Buckets.latency())
                .register(registry);
    }

    private Counter requestCounter(Request request) {
        return Counter.builder("millrace.ingest.requests")
                .description("Requests by operation of the contract and outcome")
                .tag("operation", request.operation())
                .tag("outcome", request.outcome())
                .register(registry);
    }

    public void accepted(int events) {
        accepted.increment(events);
    }

    public void refused(Reason reason) {
        Counter counter = refused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Counts log records that are no events. */
    public void plainLogs(int records) {
        plainLogs.increment(records);
    }

    /** Records how long the broker took to acknowledge all of a request. */
    public void published(Duration latency) {
        publish.record(latency);
    }

    /** For parts that bring their own meters, in the same registry. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Shows a value that somebody else keeps. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Shows a value that somebody else keeps, with its unit. */
    public void gauge(String name, String description, String unit, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).baseUnit(unit).register(registry);
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }
}
