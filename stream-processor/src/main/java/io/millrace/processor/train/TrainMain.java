package io.millrace.processor.train;

import io.millrace.codec.ManifestCodec;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Trains a model from event files: {@code TrainMain CONFIG.yaml DIRECTORY}. The files in the configuration are found in
 * the folder that MILLRACE_SHARED_DATA names, or in ../shared/data. Writes model.yaml, the parameters and the model card.
 */
public final class TrainMain {
    private TrainMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: TrainMain CONFIG.yaml DIRECTORY");
            System.exit(2);
        }
        train(Path.of(args[0]), dataFolder(), Path.of(args[1]), System.out);
    }

    /** Where event files are unless somebody says otherwise. */
    public static Path dataFolder() {
        return Path.of(Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../shared/data"));
    }

    /**
     * Trains what the configuration says and writes the model's directory.
     *
     * @throws IllegalArgumentException if the configuration or a file is not as it should be, saying what
     */
    public static void train(Path config, Path data, Path directory, PrintStream out) throws Exception {
        run(config, data, directory, out);
    }

    static Training.Result run(Path configFile, Path data, Path directory, PrintStream out) throws Exception {
        TrainConfig config = TrainConfig.read(configFile);
        Folds folds = folds(config, data);
        Training.Result result = new Training(config, out::println).run(folds);
        ModelFiles files = Training.withMetrics(result.chosen());
        String card = ModelCard.write(config, result);
        Files.createDirectories(directory);
        Files.write(directory.resolve(Manifest.FILE_NAME), ManifestCodec.write(files.manifest()));
        Files.write(directory.resolve(files.manifest().artifact()), files.artifact());
        Files.writeString(directory.resolve(ModelCard.FILE_NAME), card);
        out.println(card);
        return result;
    }

    /** The examples that a configuration's files give. */
    static Folds folds(TrainConfig config, Path data) throws IOException {
        List<Path> files = config.data().files().stream().map(data::resolve).toList();
        List<Event> events = ExampleBuilder.read(
                files,
                config.data().format(),
                config.data().source(),
                config.data().sample());
        List<Example> examples = new ExampleBuilder(config.manifest(), config.target()).build(events);
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("no event of " + files + " is one that the model selects");
        }
        return config.data().format() == FileFormat.TABLE
                ? Folds.ofRows(examples, config.split())
                : Folds.of(examples, config.split(), config.target().within());
    }
}
