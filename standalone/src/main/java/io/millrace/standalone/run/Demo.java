package io.millrace.standalone.run;

import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.post.Door;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Tally;
import io.millrace.standalone.simulate.Simulation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shoppers who visit a running Millrace at a gentle rate until it is closed. */
public final class Demo implements AutoCloseable {
    /** Nobody comes. */
    public static final Demo NONE = new Demo(null);

    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final double EVENTS_PER_SECOND = 5;
    private static final int USERS = 300;
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final @Nullable Thread thread;

    private Demo(@Nullable Thread thread) {
        this.thread = thread;
    }

    public static Demo start(Credentials credentials) {
        Thread thread = new Thread(() -> shop(credentials), "demo");
        thread.setDaemon(true);
        thread.start();
        return new Demo(thread);
    }

    public boolean isRunning() {
        return thread != null;
    }

    /** Sends everybody home. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shop(Credentials credentials) {
        try {
            new Simulation(EVENTS_PER_SECOND, USERS, System.nanoTime())
                    .post(
                            new Door(credentials.url(), credentials.writeKey()),
                            FOREVER,
                            FOREVER,
                            new Tally(),
                            number -> {});
        } catch (PostingFailedException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("The demo's shoppers have gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }
}
