package io.millrace.processor.model;

import ai.djl.MalformedModelException;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link Manifest.Network} with DJL: weighted log loss, Adam, early stopping. All randomness comes from the seed,
 * and it runs on the calling thread alone, so that the same data and seed give the same weights on the same kind of CPU.
 * DJL collects gradients for one training at a time in a process.
 */
public final class NetworkTrainer {
    private static final int CHUNK = 1 << 14;

    private NetworkTrainer() {}

    /**
     * Where a fit leaves what it has, and takes it up again: a fit whose file is there goes on after its last epoch, and
     * ends with the same weights as one that was never interrupted.
     *
     * @param file one a fit
     * @param every how often, at the end of an epoch; the last epoch is always kept
     */
    public record Checkpoint(Path file, Duration every) {}

    /**
     * Fits, and keeps the weights of the epoch with the least loss on validation.
     *
     * @throws IllegalArgumentException if the sets have different widths, or one of them has not both labels
     */
    public static FittedNetwork fit(
            TrainingSet train, TrainingSet validation, FitSettings settings, FitWatcher watcher) {
        return fit(train, validation, settings, watcher, null);
    }

    /**
     * Fits for as many epochs as the settings say, and keeps the last weights.
     *
     * @throws IllegalArgumentException if the set has not both labels
     */
    public static FittedNetwork fit(TrainingSet train, FitSettings settings, FitWatcher watcher) {
        return fit(train, null, settings, watcher, null);
    }

    /**
     * Fits, and keeps the weights of the epoch with the least loss on validation, or the last ones without validation.
     *
     * @param checkpoint where to go on from, and to leave what there is; null for nowhere
     * @throws IllegalArgumentException if the sets have different widths, or one of them has not both labels, or the
     *     checkpoint is of another fit
     * @throws UncheckedIOException if the checkpoint cannot be read or written
     */
    public static FittedNetwork fit(
            TrainingSet train,
            @Nullable TrainingSet validation,
            FitSettings settings,
            FitWatcher watcher,
            @Nullable Checkpoint checkpoint) {
        if (validation != null && !train.shape().equals(validation.shape())) {
            throw new IllegalArgumentException(
                    "validation examples are of " + validation.shape() + ": expected " + train.shape());
        }
        checkLabels(train);
        if (validation != null) {
            checkLabels(validation);
        }
        TorchThreads.training();
        try {
            Sha256 fingerprint = checkpoint == null ? Sha256.of(new byte[0]) : fingerprint(train, validation, settings);
            return new Fitting(train, validation, settings, watcher).run(checkpoint, fingerprint);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("parameters could not be kept in memory", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    private static Sha256 fingerprint(TrainingSet train, @Nullable TrainingSet validation, FitSettings settings) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        sha256.update((settings + " " + train.shape()).getBytes(StandardCharsets.UTF_8));
        add(sha256, train);
        if (validation != null) {
            add(sha256, validation);
        }
        return new Sha256(HexFormat.of().formatHex(sha256.digest()));
    }

    private static void add(MessageDigest sha256, TrainingSet set) {
        for (float[] array : new float[][] {set.labels(), set.values(), set.steps()}) {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
            for (int from = 0; from < array.length; from += CHUNK) {
                int count = Math.min(CHUNK, array.length - from);
                bytes.clear().asFloatBuffer().put(array, from, count);
                sha256.update(bytes.limit(count * Float.BYTES));
            }
        }
    }
}
