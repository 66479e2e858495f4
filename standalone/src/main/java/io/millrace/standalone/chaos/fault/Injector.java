package io.millrace.standalone.chaos.fault;

import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.Link;
import io.millrace.standalone.chaos.cluster.Part;
import io.millrace.standalone.chaos.cluster.SmallDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Does what the schedule says, each fault on a thread of its own, which mends it too. Faults of one part wait for each other. One thread runs it.
 */
public final class Injector implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration ORDERLY = Duration.ofSeconds(45);
    private static final Duration SERVING = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Scaler scaler;
    private final Journal journal;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @param scaler how the pipeline is moved to another number of partitions */
    public Injector(Cluster cluster, Scaler scaler, Journal journal) {
        this.cluster = cluster;
        this.scaler = scaler;
        this.journal = journal;
    }

    /** Runs the schedule to the end of the duration, and waits until its faults are mended. */
    public void run(List<Fault> schedule, Duration duration) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        List<Future<?>> faults = new ArrayList<>();
        for (Fault fault : schedule) {
            waitUntil(began + fault.at().toNanos());
            faults.add(threads.submit(() -> {
                inject(fault);
                return null;
            }));
        }
        waitUntil(began + duration.toNanos());
        for (Future<?> fault : faults) {
            fault.get();
        }
    }

    /** Ends a move that is under way, makes everything whole and waits until it serves. Whether it does. */
    public boolean heal() throws IOException, InterruptedException {
        cluster.links().forEach(Link::heal);
        for (Part part : cluster.parts()) {
            part.resume();
            part.start();
        }
        boolean settled = scaler.settle(journal);
        return settled && cluster.awaitReady(READY).isEmpty();
    }

    private void waitUntil(long nanos) throws InterruptedException {
        boolean unused = ended.await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void hold(Fault fault) throws InterruptedException {
        waitUntil(System.nanoTime() + fault.hold().toNanos());
    }

    private void inject(Fault fault) throws IOException, InterruptedException {
        switch (fault.kind()) {
            case KILL, PAUSE, RESTART, DISK -> {
                Part part = part(fault.target());
                synchronized (part.lock()) {
                    inject(fault, part);
                }
            }
            case ROLL -> roll();
            case CUT, SLOW -> links(fault);
            case SKEW -> skew(fault);
            case SCALE -> scaler.scale(fault.way() == 1, journal);
        }
    }

    private void inject(Fault fault, Part part) throws IOException, InterruptedException {
        switch (fault.kind()) {
            case KILL -> {
                part.kill();
                journal.note("killed " + part);
                hold(fault);
                part.start();
                ready(part);
            }
            case PAUSE -> {
                part.pause();
                journal.note("paused " + part + " for " + fault.hold().toMillis() / 1e3 + " s");
                hold(fault);
                part.resume();
                journal.note("resumed " + part);
            }
            case RESTART -> restart(part);
            case DISK -> fill(fault, part);
            default -> throw new IllegalStateException(fault.kind() + " is of no part");
        }
    }

    private void restart(Part part) throws IOException, InterruptedException {
        boolean orderly = part.stop(ORDERLY);
        journal.note("stopped " + part + (orderly ? "" : "; it did not end within " + ORDERLY + " and was killed"));
        part.start();
        ready(part);
    }

    private void ready(Part part) throws InterruptedException {
        // What it needs may be broken, too, for as long as faults last.
        boolean serves = part.awaitReady(SERVING);
        journal.note(part + (serves ? " serves" : " runs and does not serve yet"));
    }

    private void roll() throws IOException, InterruptedException {
        journal.note("rolling restart of every part");
        for (Part part : cluster.parts()) {
            synchronized (part.lock()) {
                restart(part);
            }
        }
        journal.note("rolled");
    }

    private void fill(Fault fault, Part part) throws IOException, InterruptedException {
        SmallDisk disk = cluster.disk().orElseThrow();
        disk.fill();
        journal.note("the disk of " + part + " is full");
        hold(fault);
        boolean alive = part.isAlive();
        disk.empty();
        journal.note("the disk of " + part + " has room again; it " + (alive ? "runs" : "had ended"));
        part.start();
        ready(part);
    }

    private void links(Fault fault) throws InterruptedException {
        List<Link> links = cluster.links().stream()
                .filter(link -> link.name().startsWith(fault.target()))
                .toList();
        boolean slow = fault.kind() == FaultKind.SLOW;
        for (Link link : links) {
            synchronized (link) {
                if (slow) {
                    link.slow(fault.way() == 0 ? 60 : 400);
                } else if (fault.way() == 0) {
                    link.swallow();
                } else {
                    link.refuse();
                }
            }
        }
        journal.note((slow ? "slow: " : fault.way() == 0 ? "swallowing: " : "refusing: ") + fault.target() + "… ("
                + links.size() + " links) for " + fault.hold().toMillis() / 1e3 + " s");
        hold(fault);
        links.forEach(Link::heal);
        journal.note("whole again: " + fault.target() + "…");
    }

    private void skew(Fault fault) throws IOException, InterruptedException {
        long seconds = fault.way() == 0 ? 540 : -420;
        cluster.clocks().orElseThrow().set(fault.target(), seconds);
        journal.note("the clock of " + fault.target() + " is wrong by " + seconds + " s");
        hold(fault);
        cluster.clocks().orElseThrow().set(fault.target(), 0);
        journal.note("the clock of " + fault.target() + " is right again");
    }

    private Part part(String name) {
        return cluster.parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no part " + name));
    }

    @Override
    public void close() {
        ended.countDown();
        threads.shutdownNow();
        try {
            boolean unused = threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
