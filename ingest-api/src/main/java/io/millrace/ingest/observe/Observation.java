package io.millrace.ingest.observe;

import io.millrace.identity.Traceparent;
import io.millrace.trace.Step;
import java.time.Duration;
import java.util.Objects;

/** One request as it is observed: its span, and, once it is answered, its count and its time. Belongs to one thread. */
public final class Observation {
    private static final String NONE = "none";

    private final Meters meters;
    private final Step step;
    private final long began = System.nanoTime();
    private String operation = NONE;
    private boolean ended;

    Observation(Meters meters, Step step) {
        this.meters = meters;
        this.step = step;
    }

    /** The door's own place in the client's trace, or in a new one: what goes on with everything the request brings. */
    public Traceparent trace() {
        return Objects.requireNonNull(step.trace(), "the door begins a trace where there is none");
    }

    /** @param id of the operation of the contract */
    public void operation(String id) {
        operation = id;
        step.named("receive " + id);
    }

    public String operation() {
        return operation;
    }

    /**
     * It was answered, or there is nobody to answer any more; only the first call counts.
     *
     * @param outcome one of a fixed set, such as a problem's code
     */
    public void end(String outcome) {
        if (!ended) {
            ended = true;
            meters.request(operation, outcome, Duration.ofNanos(System.nanoTime() - began));
            step.put("outcome", outcome).end();
        }
    }
}
