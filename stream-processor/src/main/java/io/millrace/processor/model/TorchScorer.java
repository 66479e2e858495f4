package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.util.List;
import java.util.Locale;

/** Pads a batch to its bucket, runs it, and reads the score's column. */
final class TorchScorer implements Scorer {
    private final Manifest manifest;
    private final TorchModule module;
    private final int[] buckets;
    private final BatchTensors tensors;
    private final Runnable released;
    private boolean closed;

    TorchScorer(Manifest manifest, TorchModule module, List<Integer> buckets, Runnable released) {
        this.manifest = manifest;
        this.module = module;
        this.buckets = buckets.stream().mapToInt(Integer::intValue).toArray();
        this.tensors = new BatchTensors(manifest, largestBatch());
        this.released = released;
    }

    /** Runs one bucket with zeros on the calling thread, so that no event pays for the optimising. */
    void warm(int bucket) throws ModelFailedException {
        tensors.fill(List.of(), buckets[bucket]);
        run(buckets[bucket], buckets[bucket]);
    }

    @Override
    public Manifest manifest() {
        return manifest;
    }

    @Override
    public int largestBatch() {
        return buckets[buckets.length - 1];
    }

    @Override
    public float[] score(List<Inputs> batch) throws ModelFailedException {
        if (closed) {
            throw new IllegalStateException("the scorer is closed");
        }
        int bucket = bucket(batch.size());
        tensors.fill(batch, bucket);
        return run(bucket, batch.size());
    }

    private int bucket(int rows) {
        for (int bucket : buckets) {
            if (rows >= 1 && rows <= bucket) {
                return bucket;
            }
        }
        throw new IllegalArgumentException("a batch of " + rows + " rows: expected 1 to " + largestBatch());
    }

    private float[] run(int bucket, int rows) throws ModelFailedException {
        try (NDManager manager = module.batchManager()) {
            NDArray answer = module.forward(tensors.tensors(manager, bucket));
            int columns = columns(answer, bucket);
            return activate(answer.toFloatArray(), columns, rows);
        } catch (TranslateException | RuntimeException e) {
            throw new ModelFailedException(manifest.model() + " with a batch of " + bucket + ": " + Sentence.of(e), e);
        }
    }

    private int columns(NDArray answer, int bucket) throws TranslateException {
        if (answer.getDataType() != DataType.FLOAT32) {
            throw new TranslateException(
                    "it answered " + answer.getDataType().name().toLowerCase(Locale.ROOT) + ", expected float32");
        }
        Shape shape = answer.getShape();
        boolean fits = (shape.dimension() == 1 || shape.dimension() == 2) && shape.get(0) == bucket;
        if (!fits) {
            throw new TranslateException(
                    "it answered shape " + shape + ", expected (" + bucket + ") or (" + bucket + ", columns)");
        }
        int columns = shape.dimension() == 1 ? 1 : Math.toIntExact(shape.get(1));
        if (manifest.output().column() >= columns) {
            throw new TranslateException("it answered shape " + shape + ", expected a column "
                    + manifest.output().column());
        }
        return columns;
    }

    private float[] activate(float[] answer, int columns, int rows) {
        boolean sigmoid = manifest.output().activation() == Manifest.Output.Activation.SIGMOID;
        float[] scores = new float[rows];
        for (int row = 0; row < rows; row++) {
            float value = answer[row * columns + manifest.output().column()];
            scores[row] = sigmoid ? (float) (1 / (1 + Math.exp(-value))) : value;
        }
        return scores;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            released.run();
        }
    }
}
