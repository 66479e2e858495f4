package io.millrace.processor.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far local state is restored from its changelogs, which is what a start without its directory waits for. Thread-safe. */
public final class RestoreProgress implements StateRestoreListener {
    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

    private final Map<TopicPartition, Long> left = new ConcurrentHashMap<>();
    private final Counter restored;

    public RestoreProgress(MeterRegistry registry) {
        restored = Counter.builder("millrace.state.restored")
                .description("Changelog records that were read into local state")
                .register(registry);
        Gauge.builder("millrace.state.restore.remaining", this, progress -> (double) progress.records())
                .description("Changelog records that local state still has to read before the topology runs")
                .register(registry);
        Gauge.builder("millrace.state.restore.partitions", left, Map::size)
                .description("Changelog partitions that are being restored")
                .register(registry);
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
        left.put(partition, Math.max(0, to - from));
        log.atInfo()
                .addKeyValue("store", store)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("records", to - from)
                .log("Restoring state");
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
        restored.increment((double) records);
        left.computeIfPresent(partition, (known, before) -> Math.max(0, before - records));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        left.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long total) {
        left.remove(partition);
    }

    /** One phrase for readiness; empty when nothing is restored. */
    public String text() {
        return left.isEmpty()
                ? ""
                : "restoring " + left.size() + " changelog partitions, " + records() + " records left";
    }

    private long records() {
        return left.values().stream().mapToLong(Long::longValue).sum();
    }
}
