package io.millrace.processor.score;

import io.millrace.identity.ModelVersion;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The newest generation, and which threads score with which. Whoever publishes one loads it beforehand; each thread warms
 * it up in its own time and goes on with what it has until then. Thread-safe.
 */
public final class Generations {
    private final Set<ThreadScorers> threads = ConcurrentHashMap.newKeySet();
    private final List<Refusals> listeners = new CopyOnWriteArrayList<>();
    private volatile Generation newest;

    /** Told of a version that a thread cannot run, on that thread. */
    @FunctionalInterface
    public interface Refusals {
        /** @param why one sentence */
        void refused(Generation generation, ModelVersion version, String why);
    }

    public Generations(Generation first) {
        this.newest = first;
    }

    public Generation newest() {
        return newest;
    }

    /** From now on threads get ready for this one. */
    public void publish(Generation next) {
        if (next.number() <= newest.number()) {
            throw new IllegalArgumentException(
                    "generation " + next.number() + ": expected one above " + newest.number());
        }
        newest = next;
    }

    public void onRefusal(Refusals listener) {
        listeners.add(listener);
    }

    /** Whether no thread scores with an older generation than this any more. */
    public boolean isEverywhere(long number) {
        return threads.stream().allMatch(thread -> thread.number() >= number);
    }

    /** Frees what is held by threads that ended, and by those that have nothing to do and so would never move on. */
    public void reap() {
        threads.forEach(thread -> thread.closeIfIdle(newest));
    }

    void add(ThreadScorers thread) {
        threads.add(thread);
    }

    void remove(ThreadScorers thread) {
        threads.remove(thread);
    }

    void refused(Generation generation, ModelVersion version, String why) {
        listeners.forEach(listener -> listener.refused(generation, version, why));
    }
}
