package io.millrace.standalone.cli;

import io.millrace.codec.Timestamps;
import io.millrace.config.Settings;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.validate.ValidationLimits;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.redrive.Choice;
import io.millrace.standalone.redrive.RedriveConfig;
import io.millrace.standalone.redrive.RedriveFailedException;
import io.millrace.standalone.redrive.RedriveReport;
import io.millrace.standalone.redrive.Redriver;
import io.millrace.standalone.run.StandaloneKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "redrive",
        description =
                "Puts dead letters back on the path, each once, after what refused them was mended. Killed at any moment,"
                        + " it goes on when it is run again. Reads the topic dead-letters; GET /v1/dead-letters shows the letters.",
        mixinStandardHelpOptions = true)
final class RedriveCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(names = "--letter", paramLabel = "ID", description = "This one letter.")
    private @Nullable String letter;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Those refused for this reason, such as model_failed.")
    private @Nullable String reason;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "Those refused there: validate, decode, featurize, score, process.")
    private @Nullable String stage;

    @Option(names = "--model", paramLabel = "NAME@VERSION", description = "Those that this model refused.")
    private @Nullable String model;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Those of this source.")
    private @Nullable String source;

    @Option(names = "--user", paramLabel = "ID", description = "Those of this user or visitor.")
    private @Nullable String user;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Refused at or after it, such as 2026-01-31T12:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Refused before it.")
    private @Nullable String to;

    @Option(names = "--dry-run", description = "Says what would be put back, and puts nothing back.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N", description = "Events a second, at most; default ${DEFAULT-VALUE}.")
    private int rate = 500;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "Letters of events that were tried so often stay where they are; default ${DEFAULT-VALUE}.")
    private int mostAttempts = 3;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of a Millrace on this machine; default ${DEFAULT-VALUE}.")
    private Path data = Path.of("data");

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Bootstrap address; default: what --data knows.")
    private @Nullable String kafka;

    @Mixin
    private final ServiceOptions settings = new ServiceOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        within("--rate", rate, 1_000_000);
        within("--max-attempts", mostAttempts, 1_000);
        RedriveConfig config = new RedriveConfig(
                kafka != null ? kafka : Target.credentials(data).kafka(),
                choice(),
                mostAttempts,
                rate,
                limits(),
                PATIENCE);
        print(redrive(config));
        return 0;
    }

    private RedriveReport redrive(RedriveConfig config) throws InterruptedException {
        try (Progress progress = Progress.onStandardError("letters", 0)) {
            Redriver redriver = new Redriver(
                    config,
                    Clock.systemUTC(),
                    (soFar, about) -> progress.at(
                            soFar.read(), String.format("of about %,d, %,d put back", about, soFar.putBack())));
            return dryRun ? redriver.rehearse() : redriver.run();
        } catch (RedriveFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private Choice choice() {
        return new Choice(
                read("--letter", letter, LetterId::parse, "an id that GET /v1/dead-letters shows, such as 3-120"),
                read("--reason", reason, Reason::parse, "a code of docs/errors.md"),
                read("--stage", stage, DeadLetter.Stage::parse, "validate, decode, featurize, score or process"),
                model,
                read("--source", source, Source::new, "the name of a source"),
                user,
                read("--from", from, Timestamps::parse, "ISO 8601 with an offset"),
                read("--to", to, Timestamps::parse, "ISO 8601 with an offset"));
    }

    /** The door's, of the same environment and file: what it refused is read by its present rules. */
    private ValidationLimits limits() {
        Settings gathered = Settings.gather(settings.file(), System.getenv(), settings.flags(), StandaloneKeys.EVERY);
        IngestConfig door = IngestConfig.from(gathered);
        gathered.check();
        return door.validation();
    }

    private static <T> @Nullable T read(
            String option, @Nullable String text, Function<String, T> parser, String expected) {
        try {
            return text == null ? null : parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new WrongUsageException(option + ": given \"" + text + "\", expected " + expected + ".");
        }
    }

    private static void within(String option, int given, int most) {
        if (given < 1 || given > most) {
            throw new WrongUsageException(option + ": given " + given + ", expected 1 to " + most + ".");
        }
    }

    private void print(RedriveReport report) {
        System.out.printf("%-12s %,d letters%n", "read", report.read());
        System.out.printf("%-12s %,d%n", "chosen", report.chosen());
        System.out.printf(
                "%-12s %,d letters, %,d events%n",
                dryRun ? "would go back" : "put back", report.putBack(), report.events());
        report.stayed().forEach((why, count) -> System.out.printf("%-12s %,d %s%n", "left", count, why));
    }
}
