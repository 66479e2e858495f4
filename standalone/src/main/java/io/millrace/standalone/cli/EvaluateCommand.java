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
import io.millrace.processor.train.FileFormat;
import io.millrace.processor.train.TrainMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

    @Parameters(index = "0", paramLabel = "MODEL", description = "The directory of the model.")
    private @Nullable Path model;

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

    @Option(
            names = "--map",
            paramLabel = "FORMAT",
            description = "What the files are: ${COMPLETION-CANDIDATES}; default ndjson.",
            converter = FormatConverter.class,
            completionCandidates = FormatConverter.class)
    private FileFormat format = FileFormat.NDJSON;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Where the configuration's files are; default: MILLRACE_SHARED_DATA or ../shared/data.")
    private @Nullable Path files;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "The broker of the configuration's topic; default: what the configuration or --data says.")
    private @Nullable String kafka;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of a Millrace on this machine; default ${DEFAULT-VALUE}.")
    private Path data = Path.of("data");

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
        } catch (ModelRefusedException | IllegalArgumentException | IOException | UncheckedIOException e) {
            throw new CommandFailedException(sentence(e), e);
        }
        return 0;
    }

    private Report judge(Path directory) throws IOException, ModelRefusedException, ModelFailedException {
        try (Stages stages = new Stages()) {
            Evaluation evaluation = new Evaluation(ModelFiles.read(directory, ModelLimits.DEFAULT), stages);
            return events.isEmpty()
                    ? evaluation.on(config(directory), files == null ? TrainMain.dataFolder() : files, all, broker())
                    : evaluation.on(events, format, new Source("files"));
        }
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

    private @Nullable String broker() {
        boolean told = kafka != null || !Files.isRegularFile(data.resolve("credentials.json"));
        return told ? kafka : Target.credentials(data).kafka();
    }

    private static String sentence(Exception e) {
        return e instanceof NoSuchFileException missing
                ? missing.getFile() + ": there is no such file."
                : String.valueOf(e.getMessage());
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
        public void close() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
