package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.chaos.ChaosOptions;
import io.millrace.standalone.chaos.ChaosPlan;
import io.millrace.standalone.chaos.ChaosReport;
import io.millrace.standalone.chaos.ChaosRun;
import io.millrace.standalone.chaos.fault.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "chaos",
        description =
                "Starts a cluster of processes of its own, breaks it under load, and judges by what clients were told,"
                        + " topics and store whether an event was lost, doubled or reordered. Exit code 1 if one was.",
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How long it is broken, such as 90s, 3m, 1h; default ${DEFAULT-VALUE}.",
            converter = DurationConverter.class,
            defaultValue = "3m")
    private Duration duration = Duration.ofMinutes(3);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "The same seed and options make the same schedule; default: another each time, which is printed.")
    private @Nullable Long seed;

    @Option(
            names = "--rate",
            paramLabel = "EVENTS/S",
            description = "Of all clients together; default ${DEFAULT-VALUE}.")
    private double rate = 100;

    @Option(
            names = "--faults",
            paramLabel = "KIND,…",
            split = ",",
            description = "Some of kill, pause, restart, roll, cut, slow, disk, skew, scale; default all.")
    private List<String> faults = List.of();

    @Option(names = "--report", paramLabel = "FILE", description = "Writes plan, journal and verdict as Markdown.")
    private @Nullable Path report;

    @Option(names = "--keep", description = "Leaves data, logs and the clients' files where they are.")
    private boolean keep;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where they are; made if need be, and to be empty. Default: a new temporary folder.")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException, ExecutionException {
        Logs.start(LogConfig.of("chaos", LogConfig.Reader.USER));
        if (rate <= 0 || duration.isZero()) {
            throw new WrongUsageException("--rate and --duration: expected more than 0.");
        }
        Path folder = folder();
        ChaosPlan plan = new ChaosOptions(
                        duration, seed == null ? System.nanoTime() & 0xFFFFFF : seed, rate, kinds(), folder)
                .plan(Millrace.class.getName());
        plan.announcement().forEach(System.out::println);
        System.out.println("data and logs in " + folder);
        ChaosReport result = new ChaosRun(plan, System.out::println).run();
        result.summary().forEach(System.out::println);
        if (report != null) {
            Files.write(report, result.lines());
        }
        if (!keep && result.isGood()) {
            ChaosOptions.delete(folder);
        } else {
            System.out.println("data and logs are left in " + folder);
        }
        return result.isGood() ? 0 : 1;
    }

    private Path folder() throws IOException {
        if (data == null) {
            return Files.createTempDirectory("millrace-chaos-");
        }
        Path folder = Files.createDirectories(data).toAbsolutePath();
        try (var children = Files.list(folder)) {
            if (children.findAny().isPresent()) {
                throw new WrongUsageException("--data: given " + data + ", expected an empty folder.");
            }
        }
        return folder;
    }

    private Set<FaultKind> kinds() {
        EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String fault : faults) {
            try {
                kinds.add(FaultKind.parse(fault));
            } catch (IllegalArgumentException e) {
                throw new WrongUsageException("--faults: " + e.getMessage() + ".");
            }
        }
        return kinds.isEmpty() ? EnumSet.allOf(FaultKind.class) : kinds;
    }
}
