package io.millrace.standalone.cli;

import io.millrace.processor.train.TrainMain;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data of a training's configuration are. */
final class TrainingData {
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

    Path folder() {
        return files == null ? TrainMain.dataFolder() : files;
    }

    /** The broker that was given, or that a data folder knows; null where neither is. */
    @Nullable
    String broker(Target target) {
        return kafka == null ? target.kafka() : kafka;
    }

    /** What went wrong, for people. */
    static String sentence(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return "The memory of this program, "
                    + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB, is too small for these data: expected a"
                    + " smaller data.sample, or more memory, such as JAVA_OPTS=-Xmx8g.";
        }
        return e instanceof NoSuchFileException missing
                ? missing.getFile() + ": there is no such file."
                : String.valueOf(e.getMessage());
    }
}
