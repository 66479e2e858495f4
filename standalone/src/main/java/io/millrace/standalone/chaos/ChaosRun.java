package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.check.Checker;
import io.millrace.standalone.chaos.check.Verdict;
import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.Part;
import io.millrace.standalone.chaos.fault.Injector;
import io.millrace.standalone.chaos.fault.Journal;
import io.millrace.standalone.chaos.fault.Scaler;
import io.millrace.standalone.chaos.fault.Supervisor;
import io.millrace.standalone.chaos.load.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Starts a cluster, loads it, breaks it, makes it whole and has it judged. */
public final class ChaosRun {
    /** Generous: other programs may have the machine. */
    private static final Duration START = Duration.ofMinutes(6);

    private static final Duration RECOVERY = Duration.ofMinutes(4);
    /** A feature that counts within an hour counts everything while a run ends before it. */
    private static final Duration HOUR_WITH_ROOM = Duration.ofMinutes(45);

    private final ChaosPlan plan;
    private final Consumer<String> listener;

    /** @param listener told what happens, line by line */
    public ChaosRun(ChaosPlan plan, Consumer<String> listener) {
        this.plan = plan;
        this.listener = listener;
    }

    /**
     * Runs it to its end; nothing of it runs afterwards.
     *
     * @throws IOException if something could not be started, read or written
     */
    public ChaosReport run() throws IOException, InterruptedException, SQLException, ExecutionException {
        Journal journal = new Journal(listener);
        try (Cluster cluster = new Cluster(plan.cluster());
                Supervisor supervisor = Supervisor.start(cluster, journal)) {
            Optional<Part> late = cluster.start(START);
            if (late.isPresent()) {
                throw new IOException(late.get() + " does not serve within " + START.toSeconds() + " s; see its log in "
                        + plan.cluster().folder());
            }
            journal.note("the cluster serves");
            return run(cluster, supervisor, journal);
        }
    }

    private ChaosReport run(Cluster cluster, Supervisor supervisor, Journal journal)
            throws IOException, InterruptedException, SQLException, ExecutionException {
        Path clients = plan.cluster().folder().resolve("clients");
        Scaler scaler = new Scaler(cluster, plan.cluster().partitions(), plan.away());
        List<String> problems = new ArrayList<>();
        Verdict verdict;
        try (Load load = new Load(
                        clients, cluster.doorPorts(), cluster.writeKey(), plan.clients(), plan.rate(), plan.seed());
                Injector injector = new Injector(cluster, scaler, journal)) {
            injector.run(plan.schedule(), plan.duration());
            journal.note("no more faults; all is made whole");
            if (!injector.heal()) {
                problems.add("not everything serves again, or a move of the pipeline did not end");
            }
            if (!load.stop(RECOVERY)) {
                problems.add(
                        "requests are not acknowledged within " + RECOVERY.toSeconds() + " s after the last fault");
            }
            problems.addAll(load.failures());
            journal.note("clients have ended");
            verdict = new Checker(
                            clients,
                            cluster.bootstrap(),
                            cluster.jdbc(),
                            cluster.user(),
                            cluster.password(),
                            plan.stall(),
                            plan.duration().compareTo(HOUR_WITH_ROOM) < 0)
                    .check();
            journal.note("judged");
            return new ChaosReport(
                    plan, journal.lines(), load.tally().lines(), supervisor.died(), scaler.moves(), problems, verdict);
        }
    }
}
