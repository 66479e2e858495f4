package io.millrace.standalone.cli;

import io.millrace.layout.Pipeline;
import io.millrace.layout.StreamThreads;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.pipeline.Sighting;
import io.millrace.processor.move.MoveConfig;
import io.millrace.processor.move.MoveFailedException;
import io.millrace.processor.move.MovePlan;
import io.millrace.processor.move.Mover;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "scale",
        description =
                "Moves a running pipeline to another number of partitions, with its state. Ingest goes on; predictions"
                        + " pause for a moment. Killed at any moment, it goes on where it was when it is run again. Or"
                        + " tells running processors how many stream threads to have.",
        mixinStandardHelpOptions = true)
final class ScaleCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST = 10_000;
    private static final double MIB = 1 << 20;

    @Option(names = "--partitions", paramLabel = "N", description = "How many partitions events shall have.")
    private @Nullable Integer partitions;

    @Option(
            names = "--rate",
            paramLabel = "RECORDS/S",
            description = "How fast state is copied while the pipeline runs, which needs the machines too;"
                    + " default ${DEFAULT-VALUE}.",
            defaultValue = "10000")
    private int rate = 10_000;

    @Option(names = "--dry-run", description = "Prints the plan and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--abort",
            description = "Gives up a move that has not begun to switch; everything stays as it was before it.")
    private boolean abort;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many stream threads each running processor shall have, and each that starts later;"
                    + " \"set\": as its processor.threads says.")
    private @Nullable String threads;

    @Option(
            names = "--instance",
            paramLabel = "ID",
            description = "With --threads: only this one, as millrace topics names it.")
    private @Nullable String instance;

    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        Integer wanted = partitions;
        if ((abort ? 1 : 0) + (wanted != null ? 1 : 0) + (threads != null ? 1 : 0) != 1) {
            throw new WrongUsageException("Give one of --partitions N, --threads N and --abort.");
        }
        if (threads == null ? instance != null : dryRun) {
            throw new WrongUsageException(
                    threads == null ? "--instance goes with --threads." : "--dry-run goes with --partitions.");
        }
        Integer count = threads == null ? null : count(threads);
        if (rate < 1) {
            throw new WrongUsageException("--rate: given " + rate + ", expected 1 or more.");
        }
        if (wanted != null && (wanted < 1 || wanted > MOST)) {
            throw new WrongUsageException("--partitions: given " + wanted + ", expected 1 to " + MOST + ".");
        }
        MoveConfig config = new MoveConfig(pipeline.bootstrap(), pipeline.processorGroup(), rate, PATIENCE);
        try (Telling telling = new Telling()) {
            Mover mover = new Mover(config, Clock.systemUTC(), telling);
            if (threads != null) {
                mover.threads(instance, count);
                System.out.printf(
                        "%s: %s. They follow within a second; millrace topics shows them.%n",
                        instance == null ? "All processors" : "Processor " + instance,
                        count == null ? "stream threads as set" : "stream threads: " + count);
            } else if (wanted == null) {
                mover.giveUp();
                System.out.println("No move is under way.");
            } else {
                scale(mover, wanted);
            }
            return 0;
        } catch (MoveFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable Integer count(String threads) {
        if (threads.equals("set")) {
            return null;
        }
        try {
            int count = Integer.parseInt(threads);
            if (count >= 1 && count <= StreamThreads.MOST) {
                return count;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new WrongUsageException(
                "--threads: given " + threads + ", expected 1 to " + StreamThreads.MOST + ", or set.");
    }

    private void scale(Mover mover, int wanted) throws MoveFailedException, InterruptedException {
        MovePlan plan = mover.plan(wanted);
        print(plan);
        if (dryRun) {
            return;
        }
        if (plan.members() == 0 && plan.phase() == Pipeline.Phase.STEADY && !plan.isNothing()) {
            throw new CommandFailedException("group " + pipeline.processorGroup()
                    + " has no members: expected running processors, which do the move");
        }
        long began = System.nanoTime();
        mover.move(wanted);
        System.out.printf(
                "%s has %d partitions; %.1f s%n", plan.to().topic(), wanted, (System.nanoTime() - began) / 1e9);
    }

    private void print(MovePlan plan) {
        if (plan.isNothing()) {
            System.out.printf(
                    "%s has %d partitions already.%n",
                    plan.from().topic(), plan.from().partitions());
            return;
        }
        System.out.printf(
                "%-12s %s (%d partitions) -> %s (%d partitions)%n",
                "events",
                plan.from().topic(),
                plan.from().partitions(),
                plan.to().topic(),
                plan.to().partitions());
        System.out.printf(
                "%-12s %.1f MiB stay on %s until retention takes them%n",
                "", plan.eventBytes() / MIB, plan.from().topic());
        System.out.printf(
                "%-12s %,d changelog records, %.1f MiB a replica, are copied through %s while the pipeline runs, in about"
                        + " %,d s%n",
                "state",
                plan.stateRecords(),
                plan.stateBytes() / MIB,
                plan.to().transferTopic(),
                plan.stateRecords() / rate);
        System.out.printf(
                "%-12s none for ingest; predictions for at least %.1f s, in which doors and processors are sure to have"
                        + " seen the switch, and the time to drain and copy what is left then%n",
                "pause", Sighting.PAUSE.toMillis() / 1000.0);
        System.out.printf("%-12s %d in the group of the processors%n", "members", plan.members());
        if (plan.phase() != Pipeline.Phase.STEADY) {
            System.out.printf(
                    "%-12s a move to it is %s and is gone on with%n",
                    "now", plan.phase().text());
        }
    }

    /** What the user sees of it. */
    private static final class Telling implements Mover.Listener, AutoCloseable {
        private @Nullable Progress progress;

        @Override
        public void phase(Pipeline pipeline) {
            close();
            System.out.println(
                    switch (pipeline.phase()) {
                        case STEADY -> "done       " + pipeline.layout().topic() + " is what processors read";
                        case PREPARING -> "preparing  topics are made";
                        case COPYING -> "copying    state goes to the next layout while the present one runs";
                        case CLOSING -> "closing    doors and processors are told that the switch comes";
                        case SWITCHING -> "switching  doors write to the next layout, the present one drains";
                        case STOPPING -> "stopping   the present layout ends, what is left of its state is copied";
                    });
            progress = pipeline.phase() == Pipeline.Phase.STEADY
                    ? null
                    : Progress.onStandardError(pipeline.phase().text(), 0);
        }

        @Override
        public void copied(long records, long left) {
            Progress shown = progress;
            if (shown != null) {
                shown.at(records, String.format("records copied, %,d left", left));
            }
        }

        @Override
        public void close() {
            Progress shown = progress;
            progress = null;
            if (shown != null) {
                shown.close();
            }
        }
    }
}
