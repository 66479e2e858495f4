package io.millrace.standalone.cli;

import io.millrace.codec.Timestamps;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.prediction.Role;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.registry.ModelRegistry;
import io.millrace.processor.registry.RegistryConfig;
import io.millrace.processor.registry.RegistryException;
import io.millrace.processor.registry.TrustKeys;
import io.millrace.processor.verify.Verification;
import io.millrace.processor.verify.VersionReport;
import io.millrace.standalone.models.ModelsFailedException;
import io.millrace.standalone.models.PredictionSample;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "verify",
        description = {
            "Scores stored predictions again, from their stored inputs, with the artifact that scored them.",
            "Reads the predictions from the door (GET /v1/predictions) and the artifacts from the broker, and scores here:"
                    + " nothing is asked of the processors. Demands the same score bit for bit, which the same kind of CPU"
                    + " gives, or within the tolerance; and threshold, label and id as they follow from it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every prediction that could be verified is what its model says",
            "1:some differ, or none could be verified, or door or broker do not answer",
            "2:wrong usage"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int LARGEST_SAMPLE = 100_000;
    /** The registry has bounds of its own: what is on the topic is read. */
    private static final ModelLimits LIMITS =
            new ModelLimits(Integer.MAX_VALUE - 16, Duration.ofMinutes(5), ModelLimits.DEFAULT.buckets());

    @Mixin
    private final Target target = new Target();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it; the usual mixin would take --version
    private boolean help;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Where the artifacts are; default: what --data knows; goes with --url.")
    private @Nullable String kafka;

    @Option(names = "--model", paramLabel = "NAME", description = "Of this model alone.")
    private @Nullable String model;

    @Option(names = "--version", paramLabel = "VERSION", description = "Of this version alone.")
    private @Nullable String version;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Of events from then on, ISO 8601 with an offset.",
            converter = Time.class)
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Of events before then.", converter = Time.class)
    private @Nullable Instant to;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "So many, drawn from all that are read, each as likely as any other; default ${DEFAULT-VALUE}.")
    private int sample = 1_000;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Draws the same predictions again from the same rows; default: one at random, which is told.")
    private @Nullable Long seed;

    @Option(
            names = "--tolerance",
            paramLabel = "DISTANCE",
            description = "Most that a score may be off where it is not the same bit for bit; for a score beyond 1, its"
                    + " share of it; default ${DEFAULT-VALUE}.")
    private double tolerance = 1e-6;

    @Option(names = "--json", description = "The report as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (sample < 1 || sample > LARGEST_SAMPLE) {
            throw new WrongUsageException("--sample: given " + sample + ", expected 1 to " + LARGEST_SAMPLE + ".");
        }
        if (!(tolerance >= 0)) {
            throw new WrongUsageException("--tolerance: given " + tolerance + ", expected 0 or more.");
        }
        long used = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
        try {
            PredictionSample drawn = draw(used);
            if (drawn.seen() == 0) {
                throw new CommandFailedException("No prediction is stored that the filters let pass.");
            }
            VerifyPage page = new VerifyPage(drawn.seen(), used, tolerance, verify(drawn));
            System.out.print(json ? page.json() : page.text());
            return page.differing() > 0 || page.verified() == 0 ? 1 : 0;
        } catch (ModelsFailedException | RegistryException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private PredictionSample draw(long seed) throws ModelsFailedException, InterruptedException {
        Target.Address door = target.address(known -> known.tokens().analyst());
        Map<String, String> filters = new TreeMap<>();
        put(filters, "model", model);
        put(filters, "version", version);
        put(filters, "from", from == null ? null : Timestamps.format(from));
        put(filters, "to", to == null ? null : Timestamps.format(to));
        PredictionSample drawn = new PredictionSample(sample, seed);
        try (Progress progress = Progress.onStandardError("read", 0)) {
            drawn.read(door.url(), door.token(), filters, seen -> progress.at(seen, "stored predictions"));
            if (version == null) {
                // Without a version the door leaves shadows out unless they are asked for.
                filters.put("role", Role.SHADOW.text());
                drawn.read(door.url(), door.token(), filters, seen -> progress.at(seen, "stored predictions"));
            }
        }
        return drawn;
    }

    private List<VersionReport> verify(PredictionSample drawn) throws RegistryException, InterruptedException {
        RegistryConfig config =
                new RegistryConfig(target.broker(kafka), LIMITS, TIMEOUT, Duration.ZERO, new TrustKeys(List.of()));
        try (ModelRegistry registry = ModelRegistry.start(config, Clock.systemUTC());
                Progress progress =
                        Progress.onStandardError("verify", drawn.drawn().size())) {
            AtomicInteger done = new AtomicInteger();
            return new Verification(registry, LIMITS, tolerance)
                    .run(drawn.drawn(), more -> progress.at(done.addAndGet(more), "predictions"));
        }
    }

    private static void put(Map<String, String> filters, String name, @Nullable String value) {
        if (value != null) {
            filters.put(name, value);
        }
    }

    /** As the door reads times. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return Timestamps.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("given \"" + text + "\", expected ISO 8601 with an offset");
            }
        }
    }
}
