package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.processor.train.file.FileShape;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.embedded.UserCache;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Tally;
import io.millrace.standalone.replay.LineCount;
import io.millrace.standalone.replay.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = {
            "Posts event files, packed by gzip or zstd or not, through the HTTP API.",
            "A replay that was interrupted goes on where it was; ids are made from the file, so nothing counts twice."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to post, one after the other.")
    private List<Path> files = List.of();

    @Mixin
    private final FileOptions shape = new FileOptions();

    @Option(
            names = "--speed",
            paramLabel = "N|max",
            description =
                    "Keeps the file's gaps between events, divided by N; max posts as fast as it is taken (default).",
            converter = SpeedConverter.class)
    private OptionalDouble speed = OptionalDouble.empty();

    @Option(names = "--in-flight", paramLabel = "N", description = "Requests at a time; default ${DEFAULT-VALUE}.")
    private int inFlight = 4;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long to try again while the door does not answer; default ${DEFAULT-VALUE}.")
    private int patience = 300;

    @Option(names = "--start-over", description = "Posts the files from their first lines, whatever was posted before.")
    private boolean startOver;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw new WrongUsageException(file + ": expected a file, and this is a folder.");
            }
        }
        FileShape read = shape.shape();
        Target.Address address = target.address(Credentials::writeKey);
        Tally tally = new Tally();
        Replay replay = new Replay(
                address.url(),
                address.token(),
                new Replay.Settings(
                        speed,
                        inFlight,
                        Duration.ofSeconds(patience),
                        UserCache.folder().resolve("replay")),
                tally);
        long start = System.nanoTime();
        try {
            for (Path file : files) {
                post(replay, file, read, tally);
            }
        } finally {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%s in %.1f s%n", tally, seconds);
            tally.refusals().forEach(line -> System.out.println("  refused: " + line));
        }
        boolean nothingWasRight = tally.accepted() == 0 && tally.refused() > 0;
        return nothingWasRight ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void post(Replay replay, Path file, FileShape read, Tally tally) throws IOException, InterruptedException {
        if (startOver) {
            replay.startOver(file);
        }
        long before = replay.answeredBefore(file);
        if (before > 0) {
            System.out.printf("%s: going on after line %,d (--start-over posts it all again)%n", file, before);
        }
        try (Progress progress = Progress.onStandardError(file.getFileName().toString(), LineCount.of(file))) {
            replay.post(file, read, line -> progress.at(line, tally.progress()));
        } catch (PostingFailedException e) {
            throw new CommandFailedException(e.getMessage() + " The same command goes on from there.", e);
        }
    }
}
