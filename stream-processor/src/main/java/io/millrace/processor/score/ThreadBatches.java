package io.millrace.processor.score;

import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.observe.ScoringMeters;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Hands each stream thread its own micro-batches. A thread's scorers live as long as this, or until another generation
 * comes while it has no task: a rebalance closes a thread's tasks and opens others a moment later, and warming up again
 * would make every rebalance a pause.
 *
 * <p>Thread-safe. Close it after the threads have ended.
 */
public final class ThreadBatches implements AutoCloseable {
    private final Generations generations;
    private final ScoringMeters meters;
    private final Duration commitInterval;
    private final SharedCache userCache;
    private final Map<Thread, ThreadScoring> threads = new ConcurrentHashMap<>();

    /**
     * For all stream threads of a process.
     *
     * @param commitInterval the shortest time between two commits of a thread
     * @param cacheBytes of heap for users' state between commits
     */
    public ThreadBatches(Generations generations, ScoringMeters meters, Duration commitInterval, long cacheBytes) {
        this.userCache = new SharedCache(cacheBytes);
        this.generations = generations;
        this.meters = meters;
        this.commitInterval = commitInterval;
    }

    SharedCache userCache() {
        return userCache;
    }

    ScoringMeters meters() {
        return meters;
    }

    /**
     * The calling thread's batches, for one more of its tasks; the first call of a thread warms its scorers up.
     *
     * @throws StreamsException if a model that passed its trial does not run on this thread
     */
    ThreadScoring attach() {
        closeDeadThreads();
        ThreadScoring known = threads.get(Thread.currentThread());
        if (known != null && known.attach()) {
            return known;
        }
        try {
            ThreadScoring made = new ThreadScoring(ThreadScorers.open(generations), meters, commitInterval);
            threads.put(Thread.currentThread(), made);
            made.attach();
            return made;
        } catch (ModelFailedException e) {
            throw new StreamsException("a deployed model does not run on this thread", e);
        }
    }

    /** Whether the calling thread has something to commit, or a generation to take up. */
    public boolean isWaiting() {
        ThreadScoring scoring = threads.get(Thread.currentThread());
        return scoring != null && scoring.isWaiting();
    }

    /** Threads fail and are replaced, or end when there are too many; the native memory of their scorers goes with them. */
    private void closeDeadThreads() {
        threads.forEach((thread, scoring) -> {
            // Two threads may look at once.
            if (!thread.isAlive() && threads.remove(thread, scoring)) {
                scoring.close();
            }
        });
    }

    @Override
    public void close() {
        threads.values().forEach(ThreadScoring::close);
        threads.clear();
    }
}
