package io.millrace.standalone.chaos.fault;

import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.Part;
import io.millrace.standalone.chaos.cluster.SmallDisk;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts again what has ended by itself, as an orchestrator does, and counts it. Thread-safe; whoever starts it closes it. */
public final class Supervisor implements AutoCloseable {
    private static final long WATCH_MILLIS = 500;

    private final Cluster cluster;
    private final Journal journal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "chaos-supervisor");
    private int died;

    private Supervisor(Cluster cluster, Journal journal) {
        this.cluster = cluster;
        this.journal = journal;
        thread.setDaemon(true);
    }

    public static Supervisor start(Cluster cluster, Journal journal) {
        Supervisor supervisor = new Supervisor(cluster, journal);
        supervisor.thread.start();
        return supervisor;
    }

    /** How often a part ended that nobody had ended. */
    public synchronized int died() {
        return died;
    }

    private void watch() {
        try {
            while (!ended.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Part part : cluster.parts()) {
                    if (part.hasDied() && !isFull(part)) {
                        startAgain(part);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAgain(Part part) {
        synchronized (this) {
            died++;
        }
        journal.note(part + " has ended by itself and is started again");
        try {
            part.start();
        } catch (IOException e) {
            journal.note(part + " could not be started: " + e.getMessage());
        }
    }

    /** A broker whose disk is full ends, and would end again. */
    private boolean isFull(Part part) {
        return cluster.disk().map(SmallDisk::isFull).orElse(false)
                && part.equals(cluster.brokers().get(cluster.brokers().size() - 1));
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
