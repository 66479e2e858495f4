package io.millrace.processor.score;

import io.millrace.deadletter.Reason;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.observe.ScoringMeters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for one model on one stream thread, over all tasks of the thread: one task alone would seldom
 * fill a batch. Scoring is shared, emitting is each task's own, because outputs belong to the task's records.
 *
 * <p>Bounded by the scorer's largest batch: at that size it scores at once. Used by one thread.
 */
final class MicroBatch {
    private final ActiveModel model;
    private final @Nullable Watch watch;
    private final Scorer scorer;
    private final ScoringMeters.ForModel meters;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Inputs> inputs = new ArrayList<>();

    MicroBatch(ActiveModel model, Scorer scorer, ScoringMeters.ForModel meters) {
        this.model = model;
        this.watch = model.watch();
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
            long took = System.nanoTime() - began;
            meters.batch(waiting.size(), took);
            if (watch != null) {
                watch.batch(waiting.size(), took);
            }
        } finally {
            waiting.clear();
            inputs.clear();
        }
    }

    /**
     * Halves a batch that fails until the events that make it fail stand alone: their neighbours keep their scores. A model
     * that was stopped is not run any more, in the midst of a batch too: halving costs two runs an event.
     */
    private void score(int from, int to) {
        if (model.isStopped()) {
            for (int i = from; i < to; i++) {
                waiting.get(i).failed(Reason.MODEL_FAILED, model.version() + " was stopped");
            }
            return;
        }
        float[] scores;
        try {
            scores = scorer.score(inputs.subList(from, to));
        } catch (ModelFailedException e) {
            if (to - from == 1) {
                failed(waiting.get(from), Reason.MODEL_FAILED, String.valueOf(e.getMessage()));
                return;
            }
            int middle = (from + to) >>> 1;
            score(from, middle);
            score(middle, to);
            return;
        }
        for (int i = 0; i < scores.length; i++) {
            Waiting event = waiting.get(from + i);
            event.step.put("batch.size", scores.length);
            if (Float.isFinite(scores[i])) {
                event.scored(scores[i]);
            } else {
                failed(event, Reason.SCORE_NOT_FINITE, "score " + scores[i] + ": expected a finite number");
            }
        }
    }

    private void failed(Waiting event, Reason reason, String detail) {
        event.failed(reason, detail);
        meters.failed(model.role());
        if (watch != null) {
            watch.failed(detail);
        }
    }
}
