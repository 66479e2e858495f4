package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bound on what clients have asked for and do not take: long answers that wait for their sockets. Whoever asks, and asks
 * on many connections, and reads nothing, would otherwise fill the memory of sockets without a credential. Thread-safe.
 */
final class Untaken {
    /** Shorter answers go out as one, and cost no more than the connection that they are for. */
    static final int LONG = Pieces.BYTES;

    /** What a connection holds before it says that it is full: Vert.x's write queue, a piece, and both again under TLS. */
    private static final int QUEUE = 128 * 1024;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    /** @param most bytes of all of them together */
    Untaken(long most) {
        this.most = most;
    }

    /** A sixteenth of the heap, which is also what the JVM takes for sockets unless told otherwise; the rest has its own work. */
    static Untaken ofThisMachine() {
        return new Untaken(Math.max(64L * QUEUE, Runtime.getRuntime().maxMemory() / 16));
    }

    long bytes() {
        return bytes.get();
    }

    /** Room for one more; null where there is none. */
    @Nullable
    Runnable hold(long answer) {
        long held = QUEUE + answer;
        if (bytes.addAndGet(held) > most) {
            bytes.addAndGet(-held);
            return null;
        }
        return () -> bytes.addAndGet(-held);
    }

    /** What is said where there is none: of what may have had an effect nobody may say that nothing was taken. */
    static Problem problem(HttpMethod method) {
        String full = "too many long answers wait for clients that do not take them";
        return method.equals(HttpMethod.GET)
                ? new Problem.Overloaded(full, RETRY_AFTER)
                : new Problem.Unavailable(full + "; send the request again, with the same ids", RETRY_AFTER);
    }
}
