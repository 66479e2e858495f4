package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.post.Door;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Tally;
import io.millrace.standalone.simulate.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "simulate",
        description = "Simulates shoppers: they look at products, fill carts and sometimes buy.",
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Option(names = "--rate", paramLabel = "N", description = "Mean events a second; default ${DEFAULT-VALUE}.")
    private double rate = 20;

    @Option(names = "--users", paramLabel = "N", description = "How many people there are; default ${DEFAULT-VALUE}.")
    private int users = 500;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How long, such as 90s, 10m, 2h; default ${DEFAULT-VALUE}.",
            converter = DurationConverter.class,
            defaultValue = "1m")
    private Duration duration = Duration.ofMinutes(1);

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "How long to try again while the door does not answer; default ${DEFAULT-VALUE}.",
            converter = DurationConverter.class,
            defaultValue = "1m")
    private Duration patience = Duration.ofMinutes(1);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another seed makes other events; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes the events to a file, as NDJSON, instead of posting.")
    private @Nullable Path out;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "With --out: the time of the first event, such as 2026-01-01T00:00:00Z; default now.")
    private @Nullable Instant start;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (rate <= 0 || users <= 0) {
            throw new WrongUsageException("--rate and --users: expected more than 0.");
        }
        Simulation simulation = new Simulation(rate, users, seed);
        if (out != null) {
            long written = simulation.write(
                    out, start == null ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : start, duration);
            System.out.printf("%,d events in %s%n", written, out);
            return 0;
        }
        Target.Address address = target.address(Credentials::writeKey);
        Tally tally = new Tally();
        long expected = Math.round(rate * duration.toSeconds());
        try (Progress progress = Progress.onStandardError("simulate", expected)) {
            simulation.post(
                    new Door(address.url(), address.token()),
                    duration,
                    patience,
                    tally,
                    number -> progress.at(number, tally.progress()));
        } catch (PostingFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } finally {
            System.out.println(tally);
            tally.refusals().forEach(line -> System.out.println("  refused: " + line));
        }
        return 0;
    }
}
