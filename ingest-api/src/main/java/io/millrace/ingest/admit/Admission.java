package io.millrace.ingest.admit;

import io.millrace.ingest.outcome.Problem;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on what is in flight behind the door: requests and the bytes of their bodies. Full means a refusal at once,
 * never a queue. Thread-safe.
 */
public final class Admission {
    private final AdmissionLimits limits;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public Admission(AdmissionLimits limits) {
        this.limits = limits;
    }

    /** What to tell who was not let in. */
    public Problem full() {
        return new Problem.Overloaded(
                "more than " + limits.requests() + " requests are in flight", limits.retryAfter());
    }

    /** Lets one request in; empty when the door is full. */
    public Optional<Ticket> admit() {
        if (requests.incrementAndGet() > limits.requests()) {
            requests.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Ticket());
    }

    /** Requests in flight. */
    public int requests() {
        return requests.get();
    }

    /** Bytes of bodies in flight. */
    public long bytes() {
        return bytes.get();
    }

    /** One request's place behind the door; closing it twice is harmless. */
    public final class Ticket implements AutoCloseable {
        private final AtomicLong held = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Ticket() {}

        /** Asks for room for more of the body; false, and nothing taken, where there is none. */
        public boolean grow(long more) {
            if (bytes.addAndGet(more) > limits.bytes()) {
                bytes.addAndGet(-more);
                return false;
            }
            held.addAndGet(more);
            return true;
        }

        /** What to tell who found no room. */
        public Problem full() {
            return new Problem.Overloaded(
                    "bodies of more than " + limits.bytes() + " bytes are in flight", limits.retryAfter());
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                bytes.addAndGet(-held.get());
                requests.decrementAndGet();
            }
        }
    }
}
