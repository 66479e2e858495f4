package io.millrace.standalone.quality;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.Processor;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.backlog.Backlog;
import io.millrace.standalone.embedded.EmbeddedBroker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.LogDirDescription;

/**
 * What judging the shipped model on the stream costs an event: CPU of the stream thread, from records on a real broker to
 * committed predictions, with the join, with drift, with both and with neither, in interleaved rounds over the same events.
 *
 * <pre>QualityBench [events a round] [rounds]</pre>
 */
public final class QualityBench {
    private static final int USERS = 10_000;
    private static final int PARTITIONS = 6;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final EmbeddedBroker broker;
    private final Backlog backlog;
    private final Path folder;
    private final int events;
    private int runs;

    private QualityBench(EmbeddedBroker broker, Path folder, int events) {
        this.broker = broker;
        this.backlog = new Backlog(broker.bootstrap(), PARTITIONS);
        this.folder = folder;
        this.events = events;
    }

    /** What of a version is watched. */
    private enum Watched {
        NOTHING,
        OUTCOMES,
        DRIFT,
        BOTH
    }

    /**
     * Of one run.
     *
     * @param micros of the stream thread's CPU an event
     * @param changelog bytes of the users' changelog an event, as the broker stores it
     */
    private record Cost(double micros, double changelog) {}

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path folder = Files.createTempDirectory("millrace-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            QualityBench bench = new QualityBench(broker, folder, events);
            bench.send();
            Map<Watched, Cost[]> costs = new LinkedHashMap<>();
            // The first round warms all and is not counted.
            for (int round = 0; round <= rounds; round++) {
                for (Watched watched : Watched.values()) {
                    Cost cost = bench.run(watched);
                    System.out.printf(
                            Locale.ROOT,
                            "round %d, %s: %.2f µs, %.0f bytes%n",
                            round,
                            watched,
                            cost.micros(),
                            cost.changelog());
                    if (round > 0) {
                        costs.computeIfAbsent(watched, unused -> new Cost[rounds])[round - 1] = cost;
                    }
                }
            }
            costs.forEach((watched, of) -> System.out.printf(
                    Locale.ROOT,
                    "median, %s: %.2f µs, %.0f bytes%n",
                    watched,
                    median(Arrays.stream(of).mapToDouble(Cost::micros).toArray()),
                    median(Arrays.stream(of).mapToDouble(Cost::changelog).toArray())));
        }
        System.exit(0);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Each user has an event each 4 minutes or so and an order each hour and a half. */
    private void send() throws Exception {
        Random random = new Random(1);
        backlog.create();
        backlog.send(events, i -> event(i, random));
    }

    private static Event event(int i, Random random) {
        int kind = random.nextInt(20);
        String name = kind == 0
                ? "order_completed"
                : kind < 4 ? "product_added" : kind < 6 ? "product_removed" : "product_viewed";
        return Backlog.shopEvent(i, "user-" + random.nextInt(USERS), name, NOON.plusMillis(24L * i), random);
    }

    private Cost run(Watched watched) throws Exception {
        String id = "bench-" + runs++;
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        Manifest m = shipped.manifest();
        boolean outcomes = watched == Watched.OUTCOMES || watched == Watched.BOTH;
        boolean drift = watched == Watched.DRIFT || watched == Watched.BOTH;
        DeployedModels models = new DeployedModels();
        models.register(
                m.with(
                        outcomes ? new OutcomeSpec.Event(List.of("order_completed"), Duration.ofMinutes(30)) : null,
                        drift ? m.reference() : null,
                        m.provenance()),
                shipped.artifact());
        models.deploy(m.model().version(), null, List.of());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        double micros;
        try (Processor processor = Processor.start(backlog.processor(id, folder.resolve(id)), registry, models)) {
            int warm = events / 5;
            await(registry, warm);
            double from = processed(registry);
            long cpu = streamThread(id);
            await(registry, events);
            micros = (streamThread(id) - cpu) / 1e3 / (processed(registry) - from);
            processor.health();
        }
        return new Cost(micros, (double) changelog(id) / events);
    }

    private static void await(SimpleMeterRegistry registry, int count) {
        while (processed(registry) < count) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static double processed(SimpleMeterRegistry registry) {
        return registry.get("millrace.events.processed").counter().count();
    }

    private static long streamThread(String id) {
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals(id + "-StreamThread-1")) {
                return THREADS.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("no stream thread");
    }

    private long changelog(String id) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            long bytes = 0;
            for (LogDirDescription directory : Objects.requireNonNull(admin.describeLogDirs(List.of(1))
                            .allDescriptions()
                            .get()
                            .get(1))
                    .values()) {
                bytes += directory.replicaInfos().entrySet().stream()
                        .filter(replica -> replica.getKey().topic().equals(id + "-users-changelog"))
                        .mapToLong(replica -> replica.getValue().size())
                        .sum();
            }
            return bytes;
        }
    }
}
