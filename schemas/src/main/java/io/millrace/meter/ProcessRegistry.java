package io.millrace.meter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The meters of one process: its parts add theirs, the JVM's and the native memory's are there from the start, and what
 * Kafka's clients bring is cut to labels that stay bounded. One a process. Thread-safe.
 */
public final class ProcessRegistry implements AutoCloseable {
    private static final String BYTES = "bytes";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollector = new JvmGcMetrics();

    public ProcessRegistry() {
        registry.config().meterFilter(new KafkaMeters());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbageCollector.bindTo(registry);
        Gauge.builder("process.resident.memory", NativeMemory::resident)
                .description("Memory of the process that is in RAM; NaN where the system does not tell")
                .baseUnit(BYTES)
                .register(registry);
        Gauge.builder("millrace.native.memory", NativeMemory::outsideJava)
                .description(
                        "Resident memory that Java does not account for: PyTorch, RocksDB, threads' stacks, malloc;"
                                + " an estimate")
                .baseUnit(BYTES)
                .register(registry);
    }

    /** Where parts register theirs; closed here. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        garbageCollector.close();
        registry.close();
    }
}
