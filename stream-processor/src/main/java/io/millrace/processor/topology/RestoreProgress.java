package io.millrace.processor.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far local state is restored from its changelogs, which is what a start without its directory waits for. Thread-safe. */
public final class RestoreProgress implements StateRestoreListener {
    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

    private static final double NANOS = 1e9;
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);

    private final Map<TopicPartition, Restoring> under = new ConcurrentHashMap<>();
    private final AtomicLong nextReport = new AtomicLong();
    private final Counter restored;

    /**
     * A changelog partition that is read.
     *
     * @param records in all, markers of transactions included
     * @param left of them
     */
    public record Restoring(String store, int partition, long records, long left, long beganNanos) {
        private Restoring without(long read) {
            return new Restoring(store, partition, records, Math.max(0, left - read), beganNanos);
        }
    }

    public RestoreProgress(MeterRegistry registry) {
        restored = Counter.builder("millrace.state.restored")
                .description("Changelog records that were read into local state")
                .register(registry);
        Gauge.builder("millrace.state.restore.remaining", this, progress -> (double) progress.records())
                .description("Changelog records that local state still has to read before the topology runs")
                .register(registry);
        Gauge.builder("millrace.state.restore.partitions", under, Map::size)
                .description("Changelog partitions that are being restored")
                .register(registry);
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
        long records = Math.max(0, to - from);
        under.put(partition, new Restoring(store, partition.partition(), records, records, System.nanoTime()));
        nextReport.set(System.nanoTime() + BETWEEN_REPORTS.toNanos());
        log.atInfo()
                .addKeyValue("store", store)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("records", to - from)
                .log("Restoring state");
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
        restored.increment((double) records);
        under.computeIfPresent(partition, (known, before) -> before.without(records));
        long due = nextReport.get();
        long now = System.nanoTime();
        if (now - due > 0 && nextReport.compareAndSet(due, now + BETWEEN_REPORTS.toNanos())) {
            log.atInfo()
                    .addKeyValue("partitions", under.size())
                    .addKeyValue("records", total())
                    .addKeyValue("left", records())
                    .log("State is being restored");
        }
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        Restoring done = under.remove(partition);
        if (done != null) {
            log.atInfo()
                    .addKeyValue("store", store)
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("records", total)
                    .addKeyValue("seconds", (System.nanoTime() - done.beganNanos()) / NANOS)
                    .log("State is restored");
        }
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long total) {
        under.remove(partition);
    }

    /** One phrase for readiness; empty when nothing is restored. */
    public String text() {
        return under.isEmpty()
                ? ""
                : "restoring " + under.size() + " changelog partitions, " + records() + " records left";
    }

    private long records() {
        return under.values().stream().mapToLong(Restoring::left).sum();
    }

    private long total() {
        return under.values().stream().mapToLong(Restoring::records).sum();
    }

    /** What is read at this moment. */
    public List<Restoring> restoring() {
        return under.values().stream()
                .sorted(Comparator.comparing(Restoring::store).thenComparing(Restoring::partition))
                .toList();
    }
}
