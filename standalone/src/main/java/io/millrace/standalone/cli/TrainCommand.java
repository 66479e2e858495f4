package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.processor.train.TrainMain;
import io.millrace.processor.train.TrainMain.Trained;
import io.millrace.standalone.models.ModelFolder;
import io.millrace.standalone.models.ModelsDoor;
import io.millrace.standalone.models.ModelsFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description = {
            "Trains a model from event files or a stretch of a topic and writes it, with its model card.",
            "Baselines are trained beside it; a model that does not beat them is not written without --force.",
            "docs/training.md describes the configuration."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the model is written",
            "1:something is wrong with the configuration or the data, or the model beats no baseline: one line says what",
            "2:wrong usage"
        },
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Mixin
    private final TrainingData data = new TrainingData();

    @Parameters(index = "0", paramLabel = "CONFIG", description = "What to train: a YAML file.")
    private @Nullable Path config;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "Where the model goes.")
    private @Nullable Path directory;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description =
                    "Leaves there what there is, at most every second at the end of an epoch; an empty or a new directory.")
    private @Nullable Path checkpoint;

    @Option(
            names = "--resume",
            description = "Goes on with what is in the --checkpoint directory, to the same weights.")
    private boolean resume;

    @Option(names = "--force", description = "Writes the network that was asked for though it beats no baseline.")
    private boolean force;

    @Option(names = "--register", description = "Registers what was written with a running Millrace, too.")
    private boolean register;

    @Override
    public Integer call() throws Exception {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (config == null || directory == null) {
            throw new IllegalStateException("picocli asks for the parameters");
        }
        if (resume && checkpoint == null) {
            throw new WrongUsageException("--resume goes with --checkpoint.");
        }
        // Before the training: who cannot register should not learn it after.
        Target.Address address =
                register ? target.address(known -> known.tokens().operator()) : null;
        TrainMain.Options options = new TrainMain.Options(
                data.folder(), data.broker(target), checkpoint, resume, force, Boolean.getBoolean("millrace.terminal"));
        String name;
        try {
            Trained trained = TrainMain.train(config, options, System.err);
            System.out.println(trained.card());
            if (trained.refusal() != null) {
                throw new CommandFailedException("Nothing is written: " + trained.refusal()
                        + "; --force writes the network that was asked for.");
            }
            trained.write(directory);
            name = trained.files().manifest().model().name();
        } catch (IllegalArgumentException | IOException | UncheckedIOException | OutOfMemoryError e) {
            throw new CommandFailedException(TrainingData.sentence(e), e);
        }
        System.out.println("Written to " + directory + ".");
        if (address != null) {
            register(address, directory, name);
        }
        return 0;
    }

    private void register(Target.Address address, Path directory, String name)
            throws IOException, InterruptedException {
        try {
            new ModelsDoor(address.url(), address.token()).push(name, ModelFolder.read(directory), false, bytes -> {});
        } catch (ModelsFailedException e) {
            throw new CommandFailedException("It is written, and not registered: " + e.getMessage(), e);
        }
        System.out.println("Registered with " + address.url() + ".");
    }
}
