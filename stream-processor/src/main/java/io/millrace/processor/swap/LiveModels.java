package io.millrace.processor.swap;

import io.millrace.identity.ModelVersion;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployed models of this instance, as they change: follows the catalog on a thread of its own, loads what is new,
 * publishes the next generation and frees what no thread scores with any more. What cannot be loaded leaves what served
 * before in place. Thread-safe; close it after the threads that score.
 */
public final class LiveModels implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LiveModels.class);
    private static final long LOOK_MILLIS = 20;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(40);
    private static final Duration WITHDRAW_AGAIN = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final Versions versions;
    private final Assembly assembly;
    private final Generations generations;
    private final Progress progress;
    private final AtomicReference<Catalog.@Nullable Content> wanted = new AtomicReference<>();
    private final Queue<Withdrawal> withdrawals = new ConcurrentLinkedQueue<>();
    /** Released whenever there may be something to do. */
    private final Semaphore wake = new Semaphore(0);

    private final List<Consumer<Set<ModelVersion>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private long withdrawAgain = System.nanoTime();
    private volatile boolean closing;

    private record Withdrawal(ModelVersion version, String reason) {}

    private LiveModels(Catalog catalog, ModelLimits limits, Duration lateness, Clock clock)
            throws ModelRefusedException {
        this.catalog = catalog;
        this.progress = new Progress(clock);
        this.versions = new Versions(catalog, limits, lateness, progress);
        this.assembly = new Assembly(versions, lateness, this::withdraw);
        this.generations = new Generations(first());
        progress.published(generations.newest());
        generations.onRefusal((generation, version, why) -> {
            assembly.refuse(version, why);
            wanted.compareAndSet(null, catalog.content());
            wake.release();
        });
        this.thread = new Thread(this::run, "millrace-models");
        this.thread.setDaemon(true);
    }

    private Generation first() throws ModelRefusedException {
        boolean loaded = false;
        try {
            Generation first = assembly.first(catalog.content());
            loaded = true;
            return first;
        } finally {
            if (!loaded) {
                versions.close();
            }
        }
    }

    /**
     * Loads what is deployed and begins to follow it.
     *
     * @param lateness how much older than its user's newest event an event may be and still change the state
     * @throws ModelRefusedException if a champion cannot be loaded, and neither can the one before it
     */
    public static LiveModels start(Catalog catalog, ModelLimits limits, Duration lateness, Clock clock)
            throws ModelRefusedException {
        LiveModels live = new LiveModels(catalog, limits, lateness, clock);
        catalog.onChange(live::follow);
        // What changed between the first reading and the listening.
        live.follow(catalog.content());
        live.thread.start();
        return live;
    }

    /** For the threads that score. */
    public Generations generations() {
        return generations;
    }

    /**
     * Calls, again and again and on a thread of ours that must not be held for long, with the versions that score, while no
     * thread scores with any other.
     */
    public void onSettled(Consumer<Set<ModelVersion>> listener) {
        listeners.add(listener);
    }

    /** How far each version is that has, had or should have a role here. */
    public List<ModelState> states() {
        return progress.states(generations);
    }

    private void follow(Catalog.Content content) {
        wanted.set(content);
        wake.release();
    }

    /** On a stream thread: what blocks is done on ours. */
    private void withdraw(ModelVersion version, String reason) {
        withdrawals.add(new Withdrawal(version, reason));
        wake.release();
    }

    private void run() {
        while (!closing) {
            try {
                turn();
                if (wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.error("Models could not be changed; what scores goes on", e);
            }
        }
    }

    private void turn() {
        withdrawWaiting();
        Catalog.Content content = wanted.getAndSet(null);
        if (content != null) {
            assembly.next(content, generations.newest()).ifPresent(next -> {
                generations.publish(next);
                progress.published(next);
            });
        }
        generations.reap();
        if (generations.isEverywhere(generations.newest().number())) {
            versions.freeRetired();
            progress.everywhere();
            Set<ModelVersion> scoring = generations.newest().models().stream()
                    .map(ActiveModel::version)
                    .collect(Collectors.toSet());
            listeners.forEach(listener -> listener.accept(scoring));
        }
    }

    private void withdrawWaiting() {
        Withdrawal waiting = withdrawals.peek();
        if (waiting == null || System.nanoTime() - withdrawAgain < 0) {
            return;
        }
        try {
            catalog.withdraw(waiting.version(), waiting.reason());
            withdrawals.remove();
        } catch (RuntimeException e) {
            // It is not run here any more, whether or not the others know.
            withdrawAgain = System.nanoTime() + WITHDRAW_AGAIN.toNanos();
            log.atWarn()
                    .addKeyValue("model", waiting.version().toString())
                    .setCause(e)
                    .log("A version cannot be withdrawn yet; it is tried again");
        }
    }

    @Override
    public void close() {
        closing = true;
        wake.release();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        versions.close();
    }
}
