package io.millrace.processor.model;

/**
 * A scorer on its way to being fast: one run of one batch size a step, so that a thread which has other work can warm up
 * between its batches. Belongs to the thread that made it, as the scorer does.
 */
public final class WarmUp implements AutoCloseable {
    /** TorchScript records shapes in the first run, optimises in the second, and is itself from the third on. */
    private static final int RUNS = 3;

    private final TorchScorer scorer;
    private final int steps;
    private int done;
    private boolean taken;

    WarmUp(TorchScorer scorer, int buckets) {
        this.scorer = scorer;
        this.steps = buckets * RUNS;
    }

    /**
     * Runs the model once; does nothing where it is warm.
     *
     * @throws ModelFailedException if the model does not run on this thread
     */
    public void step() throws ModelFailedException {
        if (!isWarm()) {
            scorer.warm(done / RUNS);
            done++;
        }
    }

    /** Whether every batch size has run often enough. */
    public boolean isWarm() {
        return done == steps;
    }

    /** The warm scorer, which is its taker's to close. */
    public Scorer scorer() {
        if (!isWarm()) {
            throw new IllegalStateException("warmed " + done + " of " + steps + " steps: expected all");
        }
        taken = true;
        return scorer;
    }

    /** Frees what nobody took. */
    @Override
    public void close() {
        if (!taken) {
            scorer.close();
        }
    }
}
