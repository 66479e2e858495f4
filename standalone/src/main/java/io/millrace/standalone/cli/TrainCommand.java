package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.processor.train.TrainMain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description = "Trains a model from event files and writes it, with its model card.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "What to train: a YAML file.")
    private @Nullable Path config;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "Where the model goes.")
    private @Nullable Path directory;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Where the configuration's files are; default: MILLRACE_SHARED_DATA or ../shared/data.")
    private @Nullable Path files;

    @Override
    public Integer call() throws Exception {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (config == null || directory == null) {
            throw new IllegalStateException("picocli asks for the parameters");
        }
        try {
            TrainMain.train(config, files == null ? TrainMain.dataFolder() : files, directory, System.out);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }
}
