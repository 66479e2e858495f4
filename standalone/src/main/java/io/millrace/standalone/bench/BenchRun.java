package io.millrace.standalone.bench;

import io.millrace.standalone.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** A sitting: a broker of its own, and what was asked for, in interleaved rounds. Not thread-safe. */
public final class BenchRun {
    /** What can be asked for. */
    public static final Set<String> NAMES = Set.of("score", "latency");

    private static final int PARTITIONS = 12;
    private static final int BROKER_MEGABYTES = 1_024;
    private static final Duration START = Duration.ofMinutes(1);

    private final Plan plan;
    private final Consumer<String> said;

    /**
     * What is measured.
     *
     * @param names of {@link #NAMES}
     * @param events of the backlog
     * @param seconds of the latency's load
     * @param rounds each
     * @param recordings where each process leaves what Java's flight recorder saw; null for no recordings
     */
    public record Plan(
            Set<String> names,
            int events,
            int seconds,
            int rounds,
            Path folder,
            @Nullable Path recordings) {
        public Plan {
            names = Set.copyOf(names);
        }
    }

    /** @param said told what is being done, a line each */
    public BenchRun(Plan plan, Consumer<String> said) {
        this.plan = plan;
        this.said = said;
    }

    /** Runs it all; nothing of it is left running. */
    public BenchReport run() throws BenchFailedException, IOException, InterruptedException {
        Map<String, String> machine = Machine.description();
        Files.createDirectories(plan.folder());
        int port = Ports.free();
        String bootstrap = "127.0.0.1:" + port;
        List<Figure> figures = new ArrayList<>();
        Sitting sitting = new Sitting(plan.folder(), bootstrap, plan.recordings());
        try (Child broker = Child.start(
                        sitting,
                        "broker",
                        BROKER_MEGABYTES,
                        Map.of(),
                        BrokerMain.class.getName(),
                        plan.folder().resolve("kafka").toString(),
                        Integer.toString(port));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            prepare(admin, broker);
            ProcessorLauncher launcher = new ProcessorLauncher(sitting);
            if (plan.names().contains("latency")) {
                LatencyBench latency = new LatencyBench(sitting, launcher, plan.seconds());
                for (int round = 1; round <= plan.rounds(); round++) {
                    said.accept("latency, round " + round);
                    latency.run(round);
                }
                latency.report(figures::add);
            }
            if (plan.names().contains("score")) {
                said.accept(String.format("a backlog of %,d events", plan.events()));
                Backlog.write(bootstrap, plan.events());
                ScoreBench score = new ScoreBench(broker, launcher, admin, plan.events());
                for (int round = 1; round <= plan.rounds(); round++) {
                    for (Variant variant : Variant.values()) {
                        said.accept(variant.figure() + ", round " + round);
                        score.run(variant, round);
                    }
                }
                score.report(figures::add);
            }
        }
        return new BenchReport(machine, figures);
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
