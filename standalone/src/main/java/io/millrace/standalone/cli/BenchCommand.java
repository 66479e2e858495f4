package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.bench.BenchFailedException;
import io.millrace.standalone.bench.BenchReport;
import io.millrace.standalone.bench.BenchRun;
import io.millrace.standalone.bench.Comparison;
import io.millrace.standalone.bench.Peer;
import io.millrace.standalone.bench.Plan;
import io.millrace.standalone.chaos.ChaosOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description =
                "Measures what events cost on this machine, in processes of its own on loopback, each figure beside its"
                        + " ceiling of the same sitting. Have the machine to yourself.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final int EVENTS = 2_000_000;
    private static final int QUICK_EVENTS = 600_000;
    private static final int SECONDS = 30;
    private static final int QUICK_SECONDS = 5;
    private static final int ROUNDS = 3;
    private static final List<String> QUICK_NAMES = List.of("latency", "score");

    @Parameters(
            paramLabel = "NAME",
            description =
                    "Some of cores, crayfish, ingest, latency, predict, score, start, store; default all, with --quick latency and score.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "One round of little, within two minutes, for a first impression.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is run, interleaved; default 3.")
    private @Nullable Integer rounds;

    @Option(names = "--events", paramLabel = "N", description = "Of the backlog that is scored; default 2,000,000.")
    private @Nullable Integer events;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each steady load is measured; default 30.")
    private @Nullable Integer seconds;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "A directory with the model that scores (docs/models.md); default one that comes with Millrace.")
    private @Nullable Path model;

    @Option(
            names = "--peer",
            paramLabel = "NAME=URL@PID",
            description =
                    "A door of others that you have started: ingest and predict post the same there, in turns. What"
                            + " ingest posts to must write to the sitting's broker (--broker-port). Repeat it for more.")
    private List<String> peers = List.of();

    @Option(names = "--broker-port", paramLabel = "PORT", description = "Of the sitting's broker; default a free one.")
    private int brokerPort;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures for programs.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draws the figures.")
    private @Nullable Path svg;

    @Option(
            names = "--compare",
            paramLabel = "BASE.json",
            description =
                    "Tells what differs from the figures of another sitting beyond noise: the ranges of the rounds do"
                            + " not overlap and the medians differ by over 10 %% (30 %% with fewer than three rounds)."
                            + " Exit code 1 if anything is worse.")
    private @Nullable Path compare;

    @Option(
            names = "--record",
            paramLabel = "DIR",
            description = "Leaves there what Java's flight recorder saw in each process; costs some percent.")
    private @Nullable Path recordings;

    @Option(names = "--keep", description = "Leaves data and logs where they are.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.start(LogConfig.of("bench", LogConfig.Reader.USER));
        if (compare != null && !Files.isReadable(compare)) {
            throw new WrongUsageException("--compare: given " + compare + ", expected a file that --json wrote");
        }
        if (recordings != null) {
            recordings = Files.createDirectories(recordings).toAbsolutePath();
        }
        Path folder = Files.createTempDirectory("millrace-bench");
        Plan plan = plan(folder);
        try {
            BenchRun run = new BenchRun(plan, System.err::println);
            BenchReport report = run.run();
            report.machine().forEach((what, value) -> System.out.printf("%-20s %s%n", what, value));
            report.table().forEach(System.out::println);
            if (json != null) {
                report.write(json);
            }
            if (svg != null) {
                report.draw(svg);
            }
            if (!run.failures().isEmpty()) {
                throw new CommandFailedException(
                        String.join("\n", run.failures()) + "\nData and logs are in " + folder);
            }
            if (!keep) {
                ChaosOptions.delete(folder);
            }
            return compare == null ? 0 : compared(compare, report);
        } catch (BenchFailedException e) {
            throw new CommandFailedException(e.getMessage() + "\nData and logs are in " + folder, e);
        }
    }

    private static int compared(Path base, BenchReport report) throws IOException {
        Comparison comparison = Comparison.of(base, report);
        System.out.println("Compared with " + base + ":");
        comparison.lines().forEach(System.out::println);
        return comparison.slower().isEmpty() ? 0 : 1;
    }

    private Plan plan(Path folder) {
        try {
            return new Plan(
                    new LinkedHashSet<>(!names.isEmpty() ? names : quick ? QUICK_NAMES : BenchRun.NAMES),
                    quick,
                    events != null ? events : quick ? QUICK_EVENTS : EVENTS,
                    seconds != null ? seconds : quick ? QUICK_SECONDS : SECONDS,
                    rounds != null ? rounds : quick ? 1 : ROUNDS,
                    model,
                    peers.stream().map(Peer::parse).toList(),
                    brokerPort,
                    folder,
                    recordings);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }
}
