package io.millrace.standalone.cli;

import io.millrace.identity.Source;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.processor.evaluate.Evaluation;
import io.millrace.processor.evaluate.Report;
import io.millrace.processor.evaluate.ReportFiles;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.train.file.FileShape;
import io.millrace.standalone.models.ModelsFailedException;
import io.millrace.standalone.models.RegisteredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "evaluate",
        description = {
            "Judges a model on events that it did not learn from: report.html, report.json and MODEL_CARD.md.",
            "The events are the test of a training's configuration, or all of the files that --events names.",
            "docs/evaluations.md tells what is in the report, and shows those of public data."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the report is written",
            "1:something is wrong with the model, the configuration or the data: one line says what",
            "2:wrong usage"
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    private static final String TRAIN_FILE = "train.yaml";

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "The directory of the model; or NAME@VERSION as it is registered with a running Millrace, or NAME for its"
                            + " champion: read from the broker that --kafka or --data names.")
    private @Nullable String model;

    @Parameters(index = "1", paramLabel = "REPORT", description = "The directory for the report.")
    private @Nullable Path directory;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A training's configuration, for data, split and outcome; default: train.yaml beside the model.")
    private @Nullable Path config;

    @Option(
            names = "--all",
            description =
                    "Judges on all examples of the configuration's data: of a model that did not learn from them.")
    private boolean all;

    @Option(
            names = "--events",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Event files instead of a configuration; the manifest's outcome says what is true.")
    private List<Path> events = List.of();

    @Mixin
    private final FileOptions shape = new FileOptions();

    @Mixin
    private final TrainingData training = new TrainingData();

    @Mixin
    private final Target target = new Target();

    @Override
    public Integer call() throws Exception {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (model == null || directory == null) {
            throw new IllegalStateException("picocli asks for the parameters");
        }
        if (!events.isEmpty() && (config != null || all)) {
            throw new WrongUsageException("--events goes without --config and --all.");
        }
        try {
            Report report = judge(model);
            System.out.println(ReportFiles.summary(report));
            ReportFiles.write(report, directory).forEach(file -> System.out.println("Written: " + file));
        } catch (ModelRefusedException
                | ModelsFailedException
                | IllegalArgumentException
                | IOException
                | UncheckedIOException
                | OutOfMemoryError e) {
            throw new CommandFailedException(TrainingData.sentence(e), e);
        }
        return 0;
    }

    private Report judge(String model)
            throws IOException, ModelRefusedException, ModelsFailedException, ModelFailedException,
                    InterruptedException {
        FileShape read = shape.shape();
        try (Stages stages = new Stages()) {
            Path folder = Path.of(model);
            boolean here = Files.isDirectory(folder);
            Evaluation evaluation = new Evaluation(
                    here ? ModelFiles.read(folder, ModelLimits.DEFAULT) : registered(model, stages), stages);
            return events.isEmpty()
                    ? evaluation.on(config(folder), training.folder(), all, training.broker(target))
                    : evaluation.on(events, read, new Source("files"));
        }
    }

    private ModelFiles registered(String model, Stages stages)
            throws ModelRefusedException, ModelsFailedException, InterruptedException {
        if (events.isEmpty() && config == null) {
            throw new WrongUsageException(
                    model + " is no directory: of a registered model, expected --config or --events, too.");
        }
        String broker = training.broker(target);
        if (broker == null) {
            throw new WrongUsageException(
                    model + " is no directory: of a registered model, expected --kafka, or --data of a Millrace on this"
                            + " machine.");
        }
        stages.at("reading " + model, 0, 0);
        ModelFiles files = RegisteredModel.read(model, broker);
        stages.say(files.manifest().model() + ", sha256 " + files.manifest().sha256());
        return files;
    }

    private Path config(Path model) {
        if (config != null) {
            return config;
        }
        Path beside = model.resolve(TRAIN_FILE);
        if (!Files.isRegularFile(beside)) {
            throw new WrongUsageException(
                    model + " has no " + TRAIN_FILE + ": expected --config or --events, to know what to judge on.");
        }
        return beside;
    }

    /** A bar for each stage, on standard error. */
    private static final class Stages implements Evaluation.Watcher, AutoCloseable {
        private String stage = "";
        private @Nullable Progress progress;

        @Override
        public void at(String what, long done, long total) {
            if (progress == null || !what.equals(stage)) {
                close();
                stage = what;
                progress = Progress.onStandardError(what, total);
            }
            progress.at(done, "");
        }

        @Override
        public void say(String line) {
            close();
            System.err.println(line);
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
