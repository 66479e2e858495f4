package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Watches rows come to the store until no more do. Used by one thread, once. */
final class Rows {
    private static final Duration LOOK = Duration.ofMillis(200);
    /** The server's statistics are up to a second late. */
    private static final Duration STILL = Duration.ofSeconds(4);

    private static final Duration FIRST = Duration.ofMinutes(2);

    private final Database database;
    private final long before;
    private long count;
    private long grownAt;

    /** Only what comes from now on counts. */
    Rows(Database database) throws BenchFailedException {
        this.database = database;
        this.before = database.inserted();
        this.grownAt = System.nanoTime();
    }

    /** Looks. */
    long count() throws BenchFailedException {
        long now = database.inserted() - before;
        if (now > count) {
            count = now;
            grownAt = System.nanoTime();
        }
        return count;
    }

    /** When the last ones were seen, by {@link System#nanoTime}. */
    long grownAt() {
        return grownAt;
    }

    void awaitFirst(Child writer) throws BenchFailedException, InterruptedException {
        long deadline = System.nanoTime() + FIRST.toNanos();
        while (count() == 0) {
            writer.requireAlive("the store's writer");
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailedException("no row came to the store within " + FIRST.toMinutes() + " minutes");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** @return how many came */
    long awaitLast(Child writer) throws BenchFailedException, InterruptedException {
        // Nobody may have looked for long.
        long looking = System.nanoTime();
        count();
        while (System.nanoTime() - Math.max(looking, grownAt) < STILL.toNanos()) {
            writer.requireAlive("the store's writer");
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            count();
        }
        return count;
    }
}
