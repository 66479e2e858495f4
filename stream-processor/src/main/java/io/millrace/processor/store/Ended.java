package io.millrace.processor.store;

/** Waits for a writer's thread. */
final class Ended {
    private Ended() {}

    /** Returns when the thread has ended; an interrupt does not end the wait, and is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
