package io.millrace.standalone.chaos.fault;

import io.millrace.standalone.chaos.cluster.Cluster;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Moves the pipeline to another number of partitions and back by {@code millrace scale}. Thread-safe; moves take turns. */
public final class Scaler {
    private static final int ATTEMPTS = 10;
    private static final long PATIENCE_SECONDS = 180;
    private static final long BEFORE_KILL_MILLIS = 4_000;

    private final Cluster cluster;
    private final int home;
    private final int away;
    private int present;
    private boolean settled = true;
    private int moves;

    /** Between two numbers of partitions. */
    public Scaler(Cluster cluster, int home, int away) {
        this.cluster = cluster;
        this.home = home;
        this.away = away;
        this.present = home;
    }

    /** How many moves were ended. */
    public synchronized int moves() {
        return moves;
    }

    /**
     * Moves to the other number.
     *
     * @param killed whether the tool is killed once on its way
     */
    synchronized void scale(boolean killed, Journal journal) throws IOException, InterruptedException {
        present = present == home ? away : home;
        settled = false;
        journal.note("scale to " + present + " partitions" + (killed ? "; the tool will be killed" : ""));
        if (killed) {
            Process tool = cluster.scale(present);
            if (!tool.waitFor(BEFORE_KILL_MILLIS, TimeUnit.MILLISECONDS)) {
                tool.destroyForcibly().waitFor();
                journal.note("killed millrace scale");
            }
        }
        finish(2, journal);
    }

    /** Ends a move that did not end while all was broken; whether it did. */
    synchronized boolean settle(Journal journal) throws IOException, InterruptedException {
        return settled || finish(ATTEMPTS, journal);
    }

    private boolean finish(int attempts, Journal journal) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < attempts && !settled; attempt++) {
            Process tool = cluster.scale(present);
            settled = tool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && tool.exitValue() == 0;
            tool.destroyForcibly().waitFor();
            if (settled) {
                moves++;
            }
            journal.note("scale to " + present + " partitions " + (settled ? "is done" : "did not end; see scale.log"));
        }
        return settled;
    }
}
