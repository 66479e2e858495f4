package io.millrace.processor.score;

import io.millrace.processor.observe.ScoringMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one stream thread scores with, for all of its tasks: a generation and a micro-batch for each of its models. Changes
 * generations between two batches. Used by one thread.
 */
final class ThreadScoring implements AutoCloseable {
    private final ThreadScorers scorers;
    private final ScoringMeters meters;
    private final CommitPace pace;
    private final Map<ActiveModel, MicroBatch> batches = new HashMap<>();
    private int tasks;

    ThreadScoring(ThreadScorers scorers, ScoringMeters meters, Duration commitInterval) {
        this.scorers = scorers;
        this.meters = meters;
        this.pace = new CommitPace(commitInterval, System::nanoTime);
        openBatches();
    }

    private void openBatches() {
        batches.clear();
        for (ActiveModel model : generation().models()) {
            batches.put(model, new MicroBatch(model, scorers.scorer(model), meters.of(model.version())));
        }
    }

    Generation generation() {
        return scorers.current();
    }

    CommitPace pace() {
        return pace;
    }

    /** Whether there is something to commit, or a generation to take up. */
    boolean isWaiting() {
        return pace.isWaiting() || scorers.isWarming();
    }

    /** The event waits for its score. */
    void add(Waiting waiting) {
        Objects.requireNonNull(batches.get(waiting.model), "a model of this generation")
                .add(waiting);
    }

    /** Gives every event that waits an outcome, whichever task it is of. */
    void score() {
        batches.values().forEach(MicroBatch::score);
    }

    /**
     * Called once a loop of the thread: comes a step nearer to the newest generation, and takes it when it is warm. What
     * waits then is scored by the versions it waited for; its tasks emit it when they would have anyway, in the order in
     * which the events came.
     */
    void look() {
        long began = System.nanoTime();
        boolean warm = scorers.warm();
        if (warm) {
            score();
            scorers.take();
            openBatches();
            meters.generation(generation().number());
        }
        if (warm || scorers.isWarming()) {
            meters.swapHeld(System.nanoTime() - began);
        }
    }

    /** A task begins. False where what it needs was freed meanwhile. */
    boolean attach() {
        boolean open = scorers.resume();
        tasks += open ? 1 : 0;
        return open;
    }

    /** A task ended. */
    void detach() {
        tasks--;
        if (tasks == 0) {
            scorers.idle();
        }
    }

    @Override
    public void close() {
        scorers.close();
    }
}
