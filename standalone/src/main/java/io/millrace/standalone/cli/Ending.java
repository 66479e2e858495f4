package io.millrace.standalone.cli;

import java.util.concurrent.CountDownLatch;

/**
 * The end of a command that runs until it is told to end. A signal wakes the command, which closes what it opened, and
 * only then does the JVM end, with exit code 0: an end that was asked for and went well is no failure.
 */
final class Ending implements AutoCloseable {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread command = Thread.currentThread();
    private volatile boolean starting = true;

    Ending() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "ending"));
    }

    /** Waits for the signal; the start is over. */
    void await() throws InterruptedException {
        starting = false;
        told.await();
    }

    /** Everything is closed, or the command ends by itself. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void onSignal() {
        if (closed.getCount() == 0) {
            return; // the command has ended by itself and has its own exit code
        }
        told.countDown();
        if (starting) {
            command.interrupt();
        }
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }
}
