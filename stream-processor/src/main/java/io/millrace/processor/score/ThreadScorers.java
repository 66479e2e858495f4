package io.millrace.processor.score;

import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.model.WarmUp;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thread's scorers: those of the generation it scores with, and those of the next while they warm up. A version that
 * is in both keeps its scorer, whatever its role.
 *
 * <p>Used by the thread that made it. Others may only close it, when the thread has ended or is {@link #idle}.
 */
public final class ThreadScorers implements AutoCloseable {
    private final Generations generations;
    private final Thread thread = Thread.currentThread();
    private final Map<LoadedModel, Scorer> scorers = new HashMap<>();
    private final Map<LoadedModel, WarmUp> warming = new HashMap<>();

    private volatile Generation current;
    private @Nullable Generation next;
    private long refused = Long.MIN_VALUE;
    private long restUntil = System.nanoTime();
    private boolean busy = true;
    private boolean closed;

    private ThreadScorers(Generations generations) {
        this.generations = generations;
        this.current = generations.newest();
    }

    /**
     * Opens and warms the newest generation for the calling thread; takes milliseconds to seconds.
     *
     * @throws ModelFailedException if a model does not run on this thread
     */
    public static ThreadScorers open(Generations generations) throws ModelFailedException {
        ThreadScorers made = new ThreadScorers(generations);
        // Known before it looks which is newest, so that nothing it opens is taken away meanwhile.
        generations.add(made);
        made.current = generations.newest();
        boolean open = false;
        try {
            for (ActiveModel model : made.current.models()) {
                made.scorers.put(model.loaded(), model.loaded().newScorer());
            }
            open = true;
            return made;
        } finally {
            if (!open) {
                made.close();
            }
        }
    }

    /** What this thread scores with. */
    public Generation current() {
        return current;
    }

    long number() {
        return current.number();
    }

    /** The scorer of a model of the current generation; null of any other. */
    public @Nullable Scorer find(ActiveModel model) {
        return scorers.get(model.loaded());
    }

    Scorer scorer(ActiveModel model) {
        return Objects.requireNonNull(find(model), "a model of the current generation");
    }

    /**
     * Gets ready for the newest generation: does one step at most, and then rests as long as the step took, so that what
     * the thread is there for gets at least half of it.
     *
     * @return whether the newest generation can be {@link #take taken} now
     */
    public boolean warm() {
        Generation newest = generations.newest();
        if (newest == current || newest.number() == refused) {
            return false;
        }
        long began = System.nanoTime();
        if (newest == next && began - restUntil < 0) {
            return false;
        }
        boolean ready = step(newest);
        long ended = System.nanoTime();
        restUntil = ended + (ended - began);
        return ready;
    }

    private boolean step(Generation newest) {
        if (newest != next) {
            abandon();
            next = newest;
        }
        for (ActiveModel model : newest.models()) {
            if (scorers.containsKey(model.loaded())) {
                continue;
            }
            try {
                WarmUp warmUp = warming.get(model.loaded());
                if (warmUp == null) {
                    warming.put(model.loaded(), model.loaded().warmUp());
                    return false;
                }
                if (!warmUp.isWarm()) {
                    warmUp.step();
                    return false;
                }
            } catch (ModelFailedException | IllegalStateException e) {
                refused = newest.number();
                abandon();
                generations.refused(newest, model.version(), String.valueOf(e.getMessage()));
                return false;
            }
        }
        return true;
    }

    /** Whether a generation is being got ready. */
    public boolean isWarming() {
        return next != null;
    }

    /** Scores with the warm generation from now on, and closes what it does not use. */
    public Generation take() {
        Generation taken = Objects.requireNonNull(next, "warm comes first");
        warming.forEach((loaded, warmUp) -> scorers.put(loaded, warmUp.scorer()));
        warming.clear();
        scorers.entrySet().removeIf(entry -> {
            boolean retired = taken.models().stream().noneMatch(model -> model.loaded() == entry.getKey());
            if (retired) {
                entry.getValue().close();
            }
            return retired;
        });
        next = null;
        current = taken;
        return taken;
    }

    private void abandon() {
        warming.values().forEach(WarmUp::close);
        warming.clear();
        next = null;
    }

    /** The thread has work again. False where its scorers were taken away meanwhile: open others. */
    synchronized boolean resume() {
        busy = !closed;
        return busy;
    }

    /** The thread has nothing to score until it {@link #resume resumes}. */
    synchronized void idle() {
        busy = false;
    }

    synchronized void closeIfIdle(Generation newest) {
        boolean stays = busy || newest.number() <= current.number();
        if (!thread.isAlive() || !stays) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            abandon();
            scorers.values().forEach(Scorer::close);
            scorers.clear();
            generations.remove(this);
        }
    }
}
