package io.millrace.processor.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One run of {@link NetworkTrainer}, on the thread that began it. */
final class Fitting {
    private final TrainingSet train;
    private final @Nullable TrainingSet validation;
    private final FitSettings settings;
    private final FitWatcher watcher;
    private final Manifest.Network layout;
    private final Batches batches;
    private final Random random;

    private double bestLoss = Double.POSITIVE_INFINITY;
    private byte[] best = {};
    private int bestEpoch;
    private int epoch;
    private int sinceBest;
    private int steps;
    private Iterator<float[]> resumed = List.<float[]>of().iterator();

    Fitting(TrainingSet train, @Nullable TrainingSet validation, FitSettings settings, FitWatcher watcher) {
        this.train = train;
        this.validation = validation;
        this.settings = settings;
        this.watcher = watcher;
        this.layout = Standardization.network(train, settings);
        this.batches = new Batches(settings.batch());
        this.random = new Random(settings.seed());
    }

    FittedNetwork run(NetworkTrainer.@Nullable Checkpoint checkpoint, Sha256 fingerprint)
            throws IOException, MalformedModelException {
        FitCheckpoint before = checkpoint == null ? null : FitCheckpoint.read(checkpoint.file(), fingerprint);
        if (before != null) {
            goOn(before);
        }
        ResumableAdam adam = new ResumableAdam(settings.learningRate(), settings.weightDecay(), steps);
        DefaultTrainingConfig config = new DefaultTrainingConfig(new WeightedLogLoss(settings.positiveWeight()))
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(adam);
        try (Model model = Model.newInstance("fit", Device.cpu(), "PyTorch")) {
            Network network = new Network(layout, train.shape(), model.getNDManager());
            network.learned().setInitializer(this::initialize, parameter -> true);
            network.learned().setInitializer(this::initializeRecurrence, RecurrentNetwork::isOfRecurrence);
            model.setBlock(network.learned());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(shapes());
                if (before != null) {
                    adam.restore(network.learned().getParameters().values(), before.moments());
                    // The order of the epochs that are done, for the generator to stand where it stood.
                    for (int done = 0; done < epoch; done++) {
                        shuffled();
                    }
                }
                epochs(trainer, network, adam, checkpoint, fingerprint);
            }
            return new FittedNetwork(layout, artifact(model, network), bestEpoch);
        }
    }

    private void goOn(FitCheckpoint before) {
        epoch = before.epoch();
        sinceBest = before.sinceBest();
        bestEpoch = before.bestEpoch();
        bestLoss = before.bestLoss();
        best = before.best();
        steps = before.steps();
        resumed = before.weights().iterator();
    }

    private void epochs(
            Trainer trainer,
            Network network,
            ResumableAdam adam,
            NetworkTrainer.@Nullable Checkpoint checkpoint,
            Sha256 fingerprint)
            throws IOException {
        long kept = System.nanoTime();
        while (epoch < settings.epochs() && sinceBest < settings.patience()) {
            epoch++;
            double trainLoss = pass(trainer, network);
            double loss = validation == null ? trainLoss : batches.loss(trainer, network, validation);
            sinceBest++;
            if (validation == null || loss < bestLoss) {
                bestLoss = loss;
                bestEpoch = epoch;
                best = parameters(network);
                sinceBest = 0;
            }
            boolean last = epoch == settings.epochs() || sinceBest == settings.patience();
            boolean due = checkpoint != null
                    && (last || System.nanoTime() - kept >= checkpoint.every().toNanos());
            if (checkpoint != null && due) {
                state(network, adam, fingerprint).write(checkpoint.file());
                kept = System.nanoTime();
            }
            watcher.epoch(new FitWatcher.Epoch(epoch, trainLoss, loss));
        }
    }

    private FitCheckpoint state(Network network, ResumableAdam adam, Sha256 fingerprint) {
        List<Parameter> parameters = network.learned().getParameters().values();
        List<float[]> weights =
                parameters.stream().map(p -> p.getArray().toFloatArray()).toList();
        return new FitCheckpoint(
                fingerprint, epoch, sinceBest, bestEpoch, bestLoss, steps, weights, adam.moments(parameters), best);
    }

    private Shape[] shapes() {
        Shape dense = new Shape(1, train.shape().width());
        if (!train.shape().hasSequence()) {
            return new Shape[] {dense};
        }
        Shape sequence = new Shape(1, train.shape().length(), train.shape().stepWidth());
        return train.shape().hasDense() ? new Shape[] {sequence, dense} : new Shape[] {sequence};
    }

    /** Of a layer with ReLU; of a fit that goes on, what it had. */
    private NDArray initialize(NDManager manager, Shape shape, DataType type) {
        return draw(manager, shape, Weights.bound(shape));
    }

    /** Uniform within ±√(1 / units) for weights, as PyTorch draws them: wider, and the state saturates. */
    private NDArray initializeRecurrence(NDManager manager, Shape shape, DataType type) {
        int units = Objects.requireNonNull(settings.recurrent()).units();
        return draw(manager, shape, shape.dimension() == 2 ? Math.sqrt(1.0 / units) : 0);
    }

    private NDArray draw(NDManager manager, Shape shape, double bound) {
        float[] values = Weights.uniform(random, Math.toIntExact(shape.size()), bound);
        return manager.create(resumed.hasNext() ? resumed.next() : values, shape);
    }

    private double pass(Trainer trainer, Network network) {
        int[] order = shuffled();
        double sum = 0;
        for (int from = 0; from < order.length; from += settings.batch()) {
            int size = Math.min(settings.batch(), order.length - from);
            double loss;
            try (NDManager manager = trainer.getManager().newSubManager();
                    GradientCollector gradients = trainer.newGradientCollector()) {
                NDList inputs = batches.take(manager, train, order, from, size);
                NDList logits = trainer.forward(network.standardize(inputs));
                NDArray mean = trainer.getLoss().evaluate(Batches.labels(manager, train, order, from, size), logits);
                gradients.backward(mean);
                loss = mean.getFloat();
            }
            trainer.step();
            steps++;
            sum += loss * size;
            watcher.step(epoch, from + size, loss);
        }
        return sum / order.length;
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

    private static byte[] parameters(Network network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        network.learned().saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** The best weights in DJL's file format, with the prior that the weighting moved put back. */
    private byte[] artifact(Model model, Network network) throws IOException, MalformedModelException {
        network.learned().loadParameters(model.getNDManager(), new DataInputStream(new ByteArrayInputStream(best)));
        network.lastBias().subi((float) Math.log(settings.positiveWeight()));
        return NetworkFile.of(model);
    }
}
