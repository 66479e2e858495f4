package io.millrace.processor.train;

import io.millrace.codec.ManifestCodec;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.model.Reference;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.DataEvents;
import io.millrace.processor.train.example.DataText;
import io.millrace.processor.train.example.EventOrder;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.ExampleBuilder;
import io.millrace.processor.train.example.Folds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: {@code TrainMain CONFIG.yaml DIRECTORY}. The files in the configuration are found in the folder that
 * MILLRACE_SHARED_DATA names, or in ../shared/data. Writes model.yaml, the parameters and the model card.
 */
public final class TrainMain {
    private TrainMain() {}

    /**
     * What the configuration does not say.
     *
     * @param data where its files are
     * @param bootstrapServers of the broker with its topic, or null
     * @param checkpoints a directory to leave what there is in, and to go on from; or null
     * @param resume whether to go on where checkpoints are; else a directory with some is refused
     * @param force whether the network is kept though it beats nothing
     * @param terminal whether what is printed goes to a terminal
     */
    public record Options(
            Path data,
            @Nullable String bootstrapServers,
            @Nullable Path checkpoints,
            boolean resume,
            boolean force,
            boolean terminal) {
        /** Nothing but files in a folder. */
        public static Options ofFiles(Path data) {
            return new Options(data, null, null, false, false, false);
        }
    }

    /**
     * What came out.
     *
     * @param files the model, with figures and reference
     * @param card its card
     * @param refusal why it should not be used, or null
     */
    public record Trained(
            ModelFiles files, String card, @Nullable String refusal) {
        /** Writes model.yaml, the parameters and the card. */
        public void write(Path directory) throws IOException {
            Files.createDirectories(directory);
            Files.write(directory.resolve(Manifest.FILE_NAME), ManifestCodec.write(files.manifest()));
            Files.write(directory.resolve(files.manifest().artifact()), files.artifact());
            Files.writeString(directory.resolve(ModelCard.FILE_NAME), card);
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: TrainMain CONFIG.yaml DIRECTORY");
            System.exit(2);
        }
        Trained trained = train(Path.of(args[0]), Options.ofFiles(dataFolder()), System.out);
        System.out.println(trained.card());
        if (trained.refusal() != null) {
            System.err.println(trained.refusal());
            System.exit(1);
        }
        trained.write(Path.of(args[1]));
    }

    /** Where event files are unless somebody says otherwise. */
    public static Path dataFolder() {
        return Path.of(Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../shared/data"));
    }

    /**
     * Trains what the configuration says.
     *
     * @param out hears of the progress
     * @throws IllegalArgumentException if the configuration, a file or the checkpoints are not as they should be, saying
     *     what
     */
    public static Trained train(Path configFile, Options options, PrintStream out)
            throws IOException, ModelRefusedException, ModelFailedException {
        TrainConfig config = TrainConfig.read(configFile);
        if (options.checkpoints() != null) {
            prepare(options.checkpoints(), options.resume());
        }
        try (TrainProgress progress = new TrainProgress(out, options.terminal())) {
            Folds folds = folds(config, options.data(), options.bootstrapServers(), progress::say);
            progress.say(DataText.examples(folds));
            DataText.checkBothKinds(folds, config);
            List<String> constant = DataText.constant(folds.learnt());
            if (!constant.isEmpty()) {
                progress.say(
                        "the same in every example that is learnt from, so of no help: " + String.join(", ", constant));
            }
            return finish(config, new Training(config, options.force(), options.checkpoints(), progress).run(folds));
        }
    }

    private static Trained finish(TrainConfig config, Training.Result result)
            throws ModelRefusedException, ModelFailedException {
        ModelFiles chosen = result.chosen().files();
        List<Example> learnt = result.folds().learnt();
        Reference reference = References.of(learnt, Judgement.score(chosen, learnt));
        ModelFiles files = Learner.finished(chosen, result.chosen().test(), reference);
        return new Trained(
                files, ModelCard.write(config, result), result.verdict().refusal());
    }

    private static void prepare(Path checkpoints, boolean resume) throws IOException {
        Files.createDirectories(checkpoints);
        try (Stream<Path> files = Files.list(checkpoints)) {
            if (!resume && files.anyMatch(file -> file.toString().endsWith(".checkpoint"))) {
                throw new IllegalArgumentException(checkpoints
                        + ": given a directory with the checkpoints of a training, expected an empty one, or --resume to"
                        + " go on with it");
            }
        }
    }

    static Folds folds(TrainConfig config, Path data) throws IOException {
        return folds(config, data, null, line -> {});
    }

    /** The examples that a configuration's data give. */
    static Folds folds(TrainConfig config, Path data, @Nullable String bootstrapServers, Consumer<String> say)
            throws IOException {
        TrainConfig.Data from = config.data();
        List<Event> events = DataEvents.read(from, data, bootstrapServers, say);
        List<Example> examples = new ExampleBuilder(config.manifest(), EventOrder.of(from)).build(events);
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(from.named() + ": " + DataText.noExamples(config.manifest(), events));
        }
        return from.isTable()
                ? Folds.ofRows(examples, config.split())
                : Folds.of(examples, config.split(), config.outcome().within());
    }
}
