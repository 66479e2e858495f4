package io.millrace.processor.model;

import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.util.List;

/**
 * Turns inputs into scores, a batch at a time. Belongs to the thread that made it: PyTorch optimises, and sizes its pools,
 * per thread. Closing it frees its buffers; the model stays with its {@link LoadedModel}.
 */
public interface Scorer extends AutoCloseable {
    /** Of the model it scores with. */
    Manifest manifest();

    /** The most rows one call takes. */
    int largestBatch();

    /**
     * Scores some rows. A row's score does not depend on the others in the batch, and on the batch's size only in the
     * last bits of a float32 (within 1e-6: matrix products of different sizes add up in different orders).
     *
     * @param batch 1 to {@link #largestBatch()} rows, each of the manifest's widths
     * @return one score a row, after the activation; not checked for being finite
     * @throws ModelFailedException if the model throws, or answers in another shape than in its trial
     * @throws IllegalArgumentException if the batch is empty or too large, or a row's widths are not the manifest's
     */
    float[] score(List<Inputs> batch) throws ModelFailedException;

    @Override
    void close();
}
