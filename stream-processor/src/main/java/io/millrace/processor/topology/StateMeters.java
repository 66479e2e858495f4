package io.millrace.processor.topology;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.processor.score.ScoreStores;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How large the local state is. Streams tells it for each store of each task, and each segment of a windowed one; here it
 * is one sum a store.
 */
public final class StateMeters {
    private static final String BYTES = "bytes";
    private static final String DISK = "total-sst-files-size";
    private static final String KEYS = "estimate-num-keys";
    private static final String GROUP = "stream-state-metrics";

    private StateMeters() {}

    /** @param streams that run at the time */
    public static void bind(Supplier<KafkaStreams> streams, StateMemory memory, MeterRegistry registry) {
        for (String store : ScoreStores.PERSISTENT) {
            Gauge.builder("millrace.state.disk", () -> sum(streams, store, DISK))
                    .description("Local state on disk, all partitions of this instance together")
                    .baseUnit(BYTES)
                    .tag("store", store)
                    .register(registry);
            Gauge.builder("millrace.state.keys", () -> sum(streams, store, KEYS))
                    .description("Keys of the local state as RocksDB estimates them")
                    .tag("store", store)
                    .register(registry);
        }
        Gauge.builder("millrace.state.memory", memory::used)
                .description("Native memory of all state stores: block cache and write buffers")
                .baseUnit(BYTES)
                .register(registry);
    }

    /** On disk, of one store. */
    public static long bytes(KafkaStreams streams, String store) {
        return (long) sum(() -> streams, store, DISK);
    }

    /** Of one store, as RocksDB estimates them. */
    public static long keys(KafkaStreams streams, String store) {
        return (long) sum(() -> streams, store, KEYS);
    }

    private static double sum(Supplier<KafkaStreams> streams, String store, String name) {
        double sum = 0;
        for (Metric metric : streams.get().metrics().values()) {
            if (metric.metricName().group().equals(GROUP)
                    && metric.metricName().name().equals(name)
                    && metric.metricName().tags().containsValue(store)
                    && metric.metricValue() instanceof Number number) {
                sum += number.doubleValue();
            }
        }
        return sum;
    }
}
