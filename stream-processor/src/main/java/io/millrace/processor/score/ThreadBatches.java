package io.millrace.processor.score;

import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.observe.ScoringMeters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Hands each stream thread its own micro-batches. A thread's scorers live as long as this: a rebalance closes a thread's
 * tasks and opens others a moment later, and warming up again would make every rebalance a pause.
 *
 * <p>Thread-safe. Close it after the threads have ended.
 */
public final class ThreadBatches implements AutoCloseable {
    private final List<ActiveModel> models;
    private final ScoringMeters meters;
    private final Map<Thread, Map<ActiveModel, MicroBatch>> batches = new LinkedHashMap<>();
    private final Map<Thread, List<Scorer>> scorers = new LinkedHashMap<>();

    public ThreadBatches(List<ActiveModel> models, ScoringMeters meters) {
        this.models = List.copyOf(models);
        this.meters = meters;
    }

    List<ActiveModel> models() {
        return models;
    }

    ScoringMeters meters() {
        return meters;
    }

    /**
     * The calling thread's batches, one a model; the first call of a thread warms its scorers up.
     *
     * @throws StreamsException if a model that passed its trial does not run on this thread
     */
    synchronized Map<ActiveModel, MicroBatch> ofThisThread() {
        closeDeadThreads();
        Map<ActiveModel, MicroBatch> known = batches.get(Thread.currentThread());
        if (known != null) {
            return known;
        }
        Map<ActiveModel, MicroBatch> made = new LinkedHashMap<>();
        List<Scorer> opened = new ArrayList<>();
        scorers.put(Thread.currentThread(), opened);
        for (ActiveModel model : models) {
            try {
                Scorer scorer = model.loaded().newScorer();
                opened.add(scorer);
                made.put(
                        model, new MicroBatch(scorer, meters.of(model.manifest().model())));
            } catch (ModelFailedException e) {
                throw new StreamsException("no scorer for " + model.manifest().model(), e);
            }
        }
        batches.put(Thread.currentThread(), made);
        return made;
    }

    /** Streams replaces a thread that failed; the native memory of its scorers goes with it. */
    private void closeDeadThreads() {
        List<Thread> dead =
                scorers.keySet().stream().filter(thread -> !thread.isAlive()).toList();
        for (Thread thread : dead) {
            batches.remove(thread);
            List<Scorer> opened = scorers.remove(thread);
            if (opened != null) {
                opened.forEach(Scorer::close);
            }
        }
    }

    @Override
    public synchronized void close() {
        scorers.values().forEach(opened -> opened.forEach(Scorer::close));
        scorers.clear();
        batches.clear();
    }
}
