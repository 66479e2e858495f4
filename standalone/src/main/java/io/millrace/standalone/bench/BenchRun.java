package io.millrace.standalone.bench;

import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A sitting: a broker of its own, and what was asked for, in interleaved rounds. Not thread-safe. */
public final class BenchRun {
    /** What can be asked for. */
    public static final Set<String> NAMES =
            Set.of("cores", "crayfish", "ingest", "latency", "predict", "score", "start", "store");

    private static final int PARTITIONS = 12;
    private static final int BROKER_MEGABYTES = 1_024;
    private static final Duration START = Duration.ofMinutes(1);

    private final Plan plan;
    private final Consumer<String> said;
    private final List<String> failures = new ArrayList<>();

    /** @param said told what is being done, a line each */
    public BenchRun(Plan plan, Consumer<String> said) {
        this.plan = plan;
        this.said = said;
    }

    /** Runs it all; nothing of it is left running. */
    public BenchReport run() throws BenchFailedException, IOException, InterruptedException {
        TimeBudget budget = new TimeBudget(plan);
        Map<String, String> machine = Machine.description();
        Files.createDirectories(plan.folder());
        int port = plan.brokerPort() == 0 ? Ports.free() : plan.brokerPort();
        String bootstrap = "127.0.0.1:" + port;
        Folders folders = new Folders(plan.folder(), plan.recordings());
        List<Figure> figures = new ArrayList<>();
        try (Child broker = Child.start(
                        folders,
                        "broker",
                        BROKER_MEGABYTES,
                        Map.of(),
                        BrokerMain.class.getName(),
                        plan.folder().resolve("kafka").toString(),
                        Integer.toString(port));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            prepare(admin, broker);
            TrafficMeter traffic = new TrafficMeter(broker, admin, plan.folder().resolve(BrokerMain.BYTES));
            measure(new Sitting(folders, bootstrap, broker, admin, traffic, said), budget, figures::add);
        }
        return new BenchReport(machine, figures);
    }

    /** What could not be run to its end, a sentence each; the others are in the report. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** A workload, and what it has measured. */
    private interface Workload {
        void run() throws BenchFailedException, IOException, InterruptedException;
    }

    /** One that fails takes nothing from the others. */
    private void measure(String name, Workload workload) throws IOException, InterruptedException {
        if (!plan.names().contains(name)) {
            return;
        }
        try {
            workload.run();
        } catch (BenchFailedException e) {
            failures.add(name + ": " + e.getMessage());
            said.accept(name + " ends here: " + e.getMessage());
        }
    }

    private void measure(Sitting sitting, TimeBudget budget, Consumer<Figure> to)
            throws BenchFailedException, IOException, InterruptedException {
        BenchModels models = new BenchModels(sitting.folder(), plan.model());
        ProcessorLauncher launcher = new ProcessorLauncher(sitting, models);
        measure("latency", () -> {
            LatencyBench latency = new LatencyBench(sitting, launcher, plan, budget);
            for (int round = 1; round <= plan.rounds(); round++) {
                said.accept("latency, round " + round);
                latency.run(round);
            }
            latency.report(to);
        });
        measure("ingest", () -> {
            IngestBench ingest = new IngestBench(sitting, plan);
            ingest.run();
            ingest.report(to);
        });
        measure("predict", () -> {
            PredictBench predict = new PredictBench(sitting, launcher, models.manifest(), plan);
            predict.run();
            predict.report(to);
        });
        measure("start", () -> {
            StartBench start = new StartBench(sitting, launcher, plan);
            start.run();
            start.report(to);
        });
        if (plan.names().stream().anyMatch(Set.of("cores", "score", "store")::contains)) {
            sitting.empty(Topic.USER_EVENTS.topicName());
            said.accept(String.format(Locale.ROOT, "a backlog of %,d events", plan.events()));
            Backlog.write(sitting.bootstrap(), plan.events());
            budget.beginBacklogs();
        }
        measure("score", () -> {
            ScoreBench score = new ScoreBench(sitting, launcher, plan, budget);
            StoredScoreBench stored = new StoredScoreBench(sitting, launcher, plan);
            try {
                for (int round = 1; round <= plan.rounds(); round++) {
                    score.run(round);
                    if (!plan.quick()) {
                        stored.run(round);
                    }
                }
            } finally {
                score.report(to);
                stored.report(to);
            }
        });
        measure("cores", () -> {
            CoresBench cores = new CoresBench(sitting, launcher, plan);
            for (int round = 1; round <= plan.rounds(); round++) {
                cores.run(round);
            }
            cores.report(to);
        });
        measure("store", () -> {
            StoreBench store = new StoreBench(sitting, launcher, plan);
            store.run();
            store.report(to);
        });
        measure("crayfish", () -> {
            CrayfishBench crayfish = new CrayfishBench(sitting, launcher, plan);
            for (int round = 1; round <= plan.rounds(); round++) {
                crayfish.run(round);
            }
            crayfish.report(to);
        });
    }

    private static void prepare(Admin admin, Child broker) throws BenchFailedException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            broker.requireAlive("the broker");
            try {
                Backlog.createTopics(admin, PARTITIONS);
                return;
            } catch (ExecutionException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new BenchFailedException("the broker does not start: " + e.getCause());
                }
            }
        }
    }
}
