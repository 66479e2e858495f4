package io.millrace.processor.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How far behind the topology is, by partition: what its consumer knows of the partitions that are assigned to this
 * instance, looked up every two seconds. Kafka's own meter of it comes and goes with the assignment, which a registry that
 * looks once a minute misses.
 */
public final class ConsumerLag implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final Supplier<KafkaStreams> streams;
    private final Supplier<String> topic;
    private final MultiGauge lag;
    private final Map<String, Double> known = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "millrace-lag");
        thread.setDaemon(true);
        return thread;
    });

    private ConsumerLag(Supplier<KafkaStreams> streams, Supplier<String> topic, MeterRegistry registry) {
        this.streams = streams;
        this.topic = topic;
        this.lag = MultiGauge.builder("millrace.consumer.lag")
                .description("Records of the partition that the topology has not taken yet")
                .register(registry);
    }

    /**
     * Looks until it is closed, which must be before Streams is.
     *
     * @param streams that run at the time
     * @param topic of their events
     */
    public static ConsumerLag watch(Supplier<KafkaStreams> streams, Supplier<String> topic, MeterRegistry registry) {
        ConsumerLag lag = new ConsumerLag(streams, topic, registry);
        var unused = lag.clock.scheduleWithFixedDelay(lag::look, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        return lag;
    }

    private void look() {
        Set<String> seen = new HashSet<>();
        String events = topic.get();
        for (Metric metric : streams.get().metrics().values()) {
            Map<String, String> tags = metric.metricName().tags();
            if (metric.metricName().name().equals("records-lag")
                    && events.equals(tags.get("topic"))
                    && metric.metricValue() instanceof Double records) {
                String partition = String.valueOf(tags.get("partition"));
                seen.add(partition);
                known.put(partition, records);
            }
        }
        known.keySet().retainAll(seen);
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (String partition : seen) {
            // A row that stays is not registered anew: a scrape in between would meet it twice.
            rows.add(MultiGauge.Row.of(
                    Tags.of("topic", events, "partition", partition), () -> known.getOrDefault(partition, Double.NaN)));
        }
        lag.register(rows);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
