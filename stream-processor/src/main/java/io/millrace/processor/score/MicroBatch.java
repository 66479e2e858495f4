package io.millrace.processor.score;

import io.millrace.prediction.Inputs;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.observe.ScoringMeters;
import java.util.ArrayList;
import java.util.List;

/**
 * The events that wait for one model on one stream thread, over all tasks of the thread: one task alone would seldom
 * fill a batch. Scoring is shared, emitting is each task's own, because outputs belong to the task's records.
 *
 * <p>Bounded by the scorer's largest batch: at that size it scores at once. Used by one thread.
 */
final class MicroBatch {
    private final Scorer scorer;
    private final ScoringMeters.ForModel meters;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Inputs> inputs = new ArrayList<>();

    MicroBatch(Scorer scorer, ScoringMeters.ForModel meters) {
        this.scorer = scorer;
        this.meters = meters;
    }

    void add(Waiting event) {
        waiting.add(event);
        inputs.add(event.inputs);
        if (waiting.size() == scorer.largestBatch()) {
            score();
        }
    }

    /** Gives every waiting event an outcome. */
    void score() {
        if (waiting.isEmpty()) {
            return;
        }
        long began = System.nanoTime();
        try {
            score(0, waiting.size());
            meters.batch(waiting.size(), System.nanoTime() - began);
        } finally {
            waiting.clear();
            inputs.clear();
        }
    }

    /** Halves a batch that fails until the events that make it fail stand alone: their neighbours keep their scores. */
    private void score(int from, int to) {
        float[] scores;
        try {
            scores = scorer.score(inputs.subList(from, to));
        } catch (ModelFailedException e) {
            if (to - from == 1) {
                waiting.get(from).failed(String.valueOf(e.getMessage()));
                return;
            }
            int middle = (from + to) >>> 1;
            score(from, middle);
            score(middle, to);
            return;
        }
        for (int i = 0; i < scores.length; i++) {
            Waiting event = waiting.get(from + i);
            event.scored(scores[i]);
            event.step.put("batch.size", scores.length);
        }
    }
}
