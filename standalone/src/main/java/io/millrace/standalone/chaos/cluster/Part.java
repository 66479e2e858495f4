package io.millrace.standalone.chaos.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Something that runs in processes of its own and can be broken. Faults of one part come one after another: whoever breaks it
 * holds its lock until it is mended.
 */
public abstract class Part {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final String name;
    private final Object lock = new Object();
    private volatile boolean wanted;

    Part(String name) {
        this.name = name;
    }

    public final String name() {
        return name;
    }

    /** What faults take turns by. */
    public final Object lock() {
        return lock;
    }

    /** Starts it, where it does not run; returns at once. */
    public final synchronized void start() throws IOException {
        if (!isAlive()) {
            launch();
        }
        wanted = true;
    }

    /** SIGKILL; returns when it is gone. */
    public final synchronized void kill() throws IOException, InterruptedException {
        wanted = false;
        destroy();
    }

    /** SIGTERM, as an orderly restart begins; killed if it does not end in time. Whether it ended by itself. */
    public final synchronized boolean stop(Duration patience) throws IOException, InterruptedException {
        wanted = false;
        return end(patience);
    }

    /** SIGSTOP to all of its processes. */
    public final void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public final void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Ended, and nobody wanted that. */
    public final boolean hasDied() {
        return wanted && !isAlive();
    }

    /** Waits until it serves; whether it does. */
    public final boolean awaitReady(Duration patience) throws InterruptedException {
        long giveUpAt = System.nanoTime() + patience.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!isReady()) {
            if (System.nanoTime() - giveUpAt > 0) {
                return false;
            }
            boolean unused = never.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        }
        return true;
    }

    abstract void launch() throws IOException;

    abstract void destroy() throws IOException, InterruptedException;

    abstract boolean end(Duration patience) throws IOException, InterruptedException;

    abstract void signal(String signal) throws IOException, InterruptedException;

    public abstract boolean isAlive();

    public abstract boolean isReady() throws InterruptedException;

    @Override
    public final String toString() {
        return name;
    }
}
