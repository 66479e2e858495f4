package io.millrace.ingest.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.deadletter.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The door's meters. No label takes a value from a request: operations and codes come from the contract. Thread-safe;
 * whoever made it closes it.
 */
public final class Meters implements AutoCloseable {
    private record Request(String operation, String outcome) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollector = new JvmGcMetrics();
    private final Map<Request, Counter> requests = new ConcurrentHashMap<>();
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
    private final Counter accepted;
    private final Timer publish;

    public Meters() {
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
        publish = Timer.builder("millrace.ingest.publish")
                .description("From validated to acknowledged by the broker, per request")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2_500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10))
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        garbageCollector.bindTo(registry);
    }

    /** Counts one answered request. */
    public void request(String operation, String outcome) {
        requests.computeIfAbsent(new Request(operation, outcome), this::requestCounter)
                .increment();
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

    /** Records how long the broker took to acknowledge all of a request. */
    public void published(Duration latency) {
        publish.record(latency);
    }

    /** For parts that bring their own meters; it is closed here. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Shows a value that somebody else keeps. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbageCollector.close();
        registry.close();
    }
}
