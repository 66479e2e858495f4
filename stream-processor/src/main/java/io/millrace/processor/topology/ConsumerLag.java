package io.millrace.processor.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.millrace.topic.Topic;
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
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How far behind the topology is, by partition: what its consumer knows of the partitions that are assigned to this
 * instance, looked up every two seconds. Kafka's own meter of it comes and goes with the assignment, which a registry that
 * looks once a minute misses.
 */
public final class ConsumerLag implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final String TOPIC = Topic.USER_EVENTS.topicName();

    private final KafkaStreams streams;
    private final MultiGauge lag;
    private final Map<String, Double> known = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "millrace-lag");
        thread.setDaemon(true);
        return thread;
    });

    private ConsumerLag(KafkaStreams streams, MeterRegistry registry) {
        this.streams = streams;
        this.lag = MultiGauge.builder("millrace.consumer.lag")
                .description("Records of the partition that the topology has not taken yet")
                .register(registry);
    }

    /** Looks until it is closed, which must be before Streams is. */
    public static ConsumerLag watch(KafkaStreams streams, MeterRegistry registry) {
        ConsumerLag lag = new ConsumerLag(streams, registry);
        var unused = lag.clock.scheduleWithFixedDelay(lag::look, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        return lag;
    }

    private void look() {
        Set<String> seen = new HashSet<>();
        for (Metric metric : streams.metrics().values()) {
            Map<String, String> tags = metric.metricName().tags();
            if (metric.metricName().name().equals("records-lag")
                    && TOPIC.equals(tags.get("topic"))
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
                    Tags.of("topic", TOPIC, "partition", partition), () -> known.getOrDefault(partition, Double.NaN)));
        }
        lag.register(rows);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
