package io.millrace.processor.model;

import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that passed its checks and its trial, ready to make scorers. Thread-safe. Its native memory is freed when it and
 * all of its scorers are closed, in whatever order: a swap closes it at once and its threads finish their batches.
 */
public final class LoadedModel implements AutoCloseable {
    private final Manifest manifest;
    private final TorchModule module;
    private final List<Integer> buckets;
    /** Who needs the native memory: this object, and each open scorer. */
    private final AtomicInteger holders = new AtomicInteger(1);

    private final AtomicBoolean closed = new AtomicBoolean();

    private LoadedModel(Manifest manifest, TorchModule module, List<Integer> buckets) {
        this.manifest = manifest;
        this.module = module;
        this.buckets = buckets;
    }

    /**
     * Reads, checks and tries the model in a directory.
     *
     * @throws ModelRefusedException with one sentence that says why not
     */
    public static LoadedModel load(Path directory, ModelLimits limits) throws ModelRefusedException {
        return load(ModelFiles.read(directory, limits), limits);
    }

    /**
     * Checks and tries a model: it must load and, given zeros in each batch size, answer float32 {@code [batch]} or
     * {@code [batch, columns]} with the manifest's column, in time. That happens on a thread of its own, which is left
     * behind if it hangs: native code cannot be interrupted.
     *
     * @throws ModelRefusedException with one sentence that says why not
     */
    public static LoadedModel load(ModelFiles files, ModelLimits limits) throws ModelRefusedException {
        Manifest manifest = files.manifest();
        if (files.artifact().length > limits.largestArtifact()) {
            throw new ModelRefusedException(manifest.model() + ": artifact is too big: " + files.artifact().length
                    + " bytes, expected at most " + limits.largestArtifact());
        }
        checkInputs(manifest);
        // The engine's own first start takes seconds and is not the model's fault.
        TorchThreads.inference();
        CompletableFuture<LoadedModel> trial = new CompletableFuture<>();
        Thread thread = new Thread(() -> tryOut(files, limits, trial), "model-trial-" + manifest.model());
        thread.setDaemon(true);
        thread.start();
        return await(trial, manifest, limits);
    }

    private static void checkInputs(Manifest manifest) throws ModelRefusedException {
        if (manifest.inputs().isEmpty()) {
            throw new ModelRefusedException(manifest.model() + ": declares no inputs, expected features or sequence");
        }
        if (manifest.inputs().contains(Manifest.FEATURES) && manifest.width() == 0) {
            throw new ModelRefusedException(manifest.model() + ": takes features and declares none");
        }
    }

    private static void tryOut(ModelFiles files, ModelLimits limits, CompletableFuture<LoadedModel> trial) {
        try {
            TorchThreads.inference();
            TorchModule module = TorchModule.open(files);
            LoadedModel model = new LoadedModel(files.manifest(), module, limits.buckets());
            boolean taken = false;
            try {
                model.newScorer().close();
                taken = trial.complete(model);
            } finally {
                if (!taken) {
                    model.close();
                }
            }
        } catch (ModelRefusedException e) {
            trial.completeExceptionally(e);
        } catch (ModelFailedException e) {
            trial.completeExceptionally(new ModelRefusedException("trial of " + e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            trial.completeExceptionally(e);
        }
    }

    private static LoadedModel await(CompletableFuture<LoadedModel> trial, Manifest manifest, ModelLimits limits)
            throws ModelRefusedException {
        String prefix = manifest.model() + ": trial ";
        try {
            return trial.get(limits.trial().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return abandon(trial, prefix + "did not end within " + limits.trial(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandon(trial, prefix + "was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ModelRefusedException refused) {
                throw refused;
            }
            throw new ModelRefusedException(prefix + "crashed: " + e.getCause(), e);
        }
    }

    /** Gives up, unless the trial ended in this very moment: then its model is freed, since nobody will take it. */
    private static LoadedModel abandon(CompletableFuture<LoadedModel> trial, String message, Exception cause)
            throws ModelRefusedException {
        ModelRefusedException refused = new ModelRefusedException(message, cause);
        if (!trial.completeExceptionally(refused) && !trial.isCompletedExceptionally()) {
            trial.join().close();
        }
        throw refused;
    }

    /** What was loaded. */
    public Manifest manifest() {
        return manifest;
    }

    /**
     * Makes a scorer for the calling thread and warms it; takes milliseconds to seconds.
     *
     * @throws ModelFailedException if the model does not run on this thread
     * @throws IllegalStateException if the model is closed
     */
    public Scorer newScorer() throws ModelFailedException {
        try (WarmUp warmUp = warmUp()) {
            while (!warmUp.isWarm()) {
                warmUp.step();
            }
            return warmUp.scorer();
        }
    }

    /**
     * Begins to make a scorer for the calling thread, which warms it when it has time.
     *
     * @throws IllegalStateException if the model is closed
     */
    public WarmUp warmUp() {
        TorchThreads.inference();
        hold();
        return new WarmUp(new TorchScorer(manifest, module, buckets, this::release), buckets.size());
    }

    /**
     * Explains one score, on the calling thread; takes milliseconds to a second.
     *
     * @throws ModelFailedException if the model throws
     * @throws IllegalStateException if the model is closed
     */
    public Explanation explain(Inputs inputs) throws ModelFailedException {
        hold();
        try {
            return Explainer.explain(manifest, module, inputs);
        } finally {
            release();
        }
    }

    private void hold() {
        holders.updateAndGet(count -> {
            if (closed.get() || count == 0) {
                throw new IllegalStateException(manifest.model() + " is closed");
            }
            return count + 1;
        });
    }

    private void release() {
        if (holders.decrementAndGet() == 0) {
            module.close();
        }
    }

    /** Whether its native memory was given back: it and all of its scorers are closed. */
    public boolean isFreed() {
        return holders.get() == 0;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }
}
