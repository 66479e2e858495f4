package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.bench.BenchFailedException;
import io.millrace.standalone.bench.BenchReport;
import io.millrace.standalone.bench.BenchRun;
import io.millrace.standalone.chaos.ChaosOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    private static final int QUICK_EVENTS = 100_000;
    private static final int SECONDS = 60;
    private static final int QUICK_SECONDS = 8;
    private static final int ROUNDS = 3;

    @Parameters(paramLabel = "NAME", description = "Some of latency, score; default all.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "One round of little, some minutes, for a first impression.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is run, interleaved; default 3.")
    private @Nullable Integer rounds;

    @Option(names = "--events", paramLabel = "N", description = "Of the backlog that is scored; default 2,000,000.")
    private @Nullable Integer events;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures for programs.")
    private @Nullable Path json;

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
        Set<String> wanted = new LinkedHashSet<>(names.isEmpty() ? BenchRun.NAMES : names);
        if (!BenchRun.NAMES.containsAll(wanted)) {
            throw new WrongUsageException(
                    "Given " + String.join(" ", wanted) + ", expected some of " + new TreeSet<>(BenchRun.NAMES) + ".");
        }
        int times = rounds != null ? rounds : quick ? 1 : ROUNDS;
        int count = events != null ? events : quick ? QUICK_EVENTS : EVENTS;
        if (times < 1 || count < 10_000) {
            throw new WrongUsageException("--rounds: expected 1 or more; --events: expected 10,000 or more.");
        }
        Path folder = Files.createTempDirectory("millrace-bench");
        if (recordings != null) {
            recordings = Files.createDirectories(recordings).toAbsolutePath();
        }
        try {
            BenchReport report = new BenchRun(
                            new BenchRun.Plan(
                                    wanted, count, quick ? QUICK_SECONDS : SECONDS, times, folder, recordings),
                            System.err::println)
                    .run();
            report.machine().forEach((what, value) -> System.out.printf("%-20s %s%n", what, value));
            report.table().forEach(System.out::println);
            if (json != null) {
                report.write(json);
            }
            if (!keep) {
                ChaosOptions.delete(folder);
            }
            return 0;
        } catch (BenchFailedException e) {
            throw new CommandFailedException(e.getMessage() + "\nData and logs are in " + folder, e);
        }
    }
}
