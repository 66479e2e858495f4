package io.millrace.processor.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import io.millrace.model.Manifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link Manifest.Network} with DJL: weighted log loss, Adam, early stopping. All randomness comes from the seed,
 * and it runs on the calling thread alone, so that the same data and seed give the same weights on the same kind of CPU.
 * DJL collects gradients for one training at a time in a process.
 */
public final class NetworkTrainer {
    private final TrainingSet train;
    private final @Nullable TrainingSet validation;
    private final FitSettings settings;
    private final Manifest.Network network;
    private final Random random;

    /** One pass over the examples, as it went; without validation examples, {@code validationLoss} is the other. */
    public record Epoch(int number, double trainLoss, double validationLoss) {}

    private NetworkTrainer(TrainingSet train, @Nullable TrainingSet validation, FitSettings settings) {
        this.train = train;
        this.validation = validation;
        this.settings = settings;
        this.network = Standardization.of(train).network(settings.hidden());
        this.random = new Random(settings.seed());
    }

    /**
     * Fits, and keeps the weights of the epoch with the least loss on validation.
     *
     * @param progress hears of each epoch
     * @throws IllegalArgumentException if the sets have different widths, or one of them has not both labels
     */
    public static FittedNetwork fit(
            TrainingSet train, TrainingSet validation, FitSettings settings, Consumer<Epoch> progress) {
        if (train.width() != validation.width()) {
            throw new IllegalArgumentException(
                    "validation examples have " + validation.width() + " values: expected " + train.width());
        }
        checkLabels(validation);
        return run(new NetworkTrainer(train, validation, settings), progress);
    }

    /**
     * Fits for as many epochs as the settings say, and keeps the last weights.
     *
     * @param progress hears of each epoch
     * @throws IllegalArgumentException if the set has not both labels
     */
    public static FittedNetwork fit(TrainingSet train, FitSettings settings, Consumer<Epoch> progress) {
        return run(new NetworkTrainer(train, null, settings), progress);
    }

    private static FittedNetwork run(NetworkTrainer trainer, Consumer<Epoch> progress) {
        checkLabels(trainer.train);
        TorchThreads.training();
        try {
            return trainer.fit(progress);
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException("parameters could not be kept in memory", e);
        } finally {
            TorchThreads.inference();
        }
    }

    private static void checkLabels(TrainingSet set) {
        if (set.positives() == 0 || set.positives() == set.size()) {
            throw new IllegalArgumentException(
                    set.positives() + " of " + set.size() + " examples are positive: expected some of each");
        }
    }

    private FittedNetwork fit(Consumer<Epoch> progress) throws IOException, MalformedModelException {
        Tracker rate = Tracker.fixed(settings.learningRate());
        DefaultTrainingConfig config = new DefaultTrainingConfig(new WeightedLogLoss(settings.positiveWeight()))
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(Adam.builder()
                        .optLearningRateTracker(rate)
                        .optWeightDecays(settings.weightDecay())
                        .build());
        byte[] best = {};
        double bestLoss = Double.POSITIVE_INFINITY;
        int bestEpoch = 0;
        int epoch = 0;
        try (Model model = Model.newInstance("fit", Device.cpu(), "PyTorch")) {
            FeedForward forward = new FeedForward(network, train.width(), model.getNDManager());
            // Drawn in Java: PyTorch's generator is one for the process, and others may draw from it.
            forward.layers().setInitializer(this::initialize, parameter -> true);
            model.setBlock(forward.layers());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(1, train.width()));
                for (int sinceBest = 0; epoch < settings.epochs() && sinceBest < settings.patience(); sinceBest++) {
                    epoch++;
                    double trainLoss = pass(trainer, forward);
                    double loss = validation == null ? trainLoss : loss(trainer, forward, validation);
                    if (validation == null || loss < bestLoss) {
                        bestLoss = loss;
                        bestEpoch = epoch;
                        best = parameters(forward);
                        sinceBest = -1;
                    }
                    progress.accept(new Epoch(epoch, trainLoss, loss));
                }
            }
            return new FittedNetwork(network, artifact(model, forward, best), bestEpoch);
        }
    }

    /** Uniform within ±√(6 / inputs) for weights (He et al. 2015, for ReLU), zero for biases. */
    private NDArray initialize(NDManager manager, Shape shape, DataType type) {
        float[] values = new float[Math.toIntExact(shape.size())];
        if (shape.dimension() == 2) {
            double bound = Math.sqrt(6.0 / shape.get(1));
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return manager.create(values, shape);
    }

    private double pass(Trainer trainer, FeedForward forward) {
        int[] order = shuffled();
        double sum = 0;
        for (int from = 0; from < order.length; from += settings.batch()) {
            int size = Math.min(settings.batch(), order.length - from);
            float[] values = new float[size * train.width()];
            float[] labels = new float[size];
            for (int i = 0; i < size; i++) {
                int row = order[from + i];
                System.arraycopy(train.values(), row * train.width(), values, i * train.width(), train.width());
                labels[i] = train.labels()[row];
            }
            try (NDManager batch = trainer.getManager().newSubManager();
                    GradientCollector gradients = trainer.newGradientCollector()) {
                NDArray input = forward.standardize(batch.create(values, new Shape(size, train.width())));
                NDList logits = trainer.forward(new NDList(input));
                NDArray loss = trainer.getLoss().evaluate(new NDList(batch.create(labels, new Shape(size, 1))), logits);
                gradients.backward(loss);
                sum += loss.getFloat() * size;
            }
            trainer.step();
        }
        return sum / order.length;
    }

    private static double loss(Trainer trainer, FeedForward forward, TrainingSet validation) {
        try (NDManager batch = trainer.getManager().newSubManager()) {
            NDArray input = forward.standardize(
                    batch.create(validation.values(), new Shape(validation.size(), validation.width())));
            NDList logits = trainer.evaluate(new NDList(input));
            return trainer.getLoss()
                    .evaluate(new NDList(batch.create(validation.labels(), new Shape(validation.size(), 1))), logits)
                    .getFloat();
        }
    }

    private int[] shuffled() {
        int[] order = new int[train.size()];
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static byte[] parameters(FeedForward forward) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        forward.layers().saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** The best weights in DJL's file format, with the prior that the weighting moved put back. */
    private byte[] artifact(Model model, FeedForward forward, byte[] best) throws IOException, MalformedModelException {
        forward.layers().loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(best)));
        forward.lastBias().subi((float) Math.log(settings.positiveWeight()));
        model.setProperty("Epoch", "0");
        Path folder = Files.createTempDirectory("millrace-fit");
        try {
            model.save(folder, "fit");
            return Files.readAllBytes(folder.resolve("fit-0000.params"));
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("fit-0000.params"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
