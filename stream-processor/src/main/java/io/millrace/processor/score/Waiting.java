package io.millrace.processor.score;

import io.millrace.identity.Traceparent;
import io.millrace.prediction.Inputs;
import io.millrace.trace.Step;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;

/**
 * One event that waits to be scored by one model, and then for its task to emit the result. Touched by one stream thread
 * only: made without an outcome, given one when its batch is scored.
 */
final class Waiting {
    final ArrivedEvent arrived;
    final byte[] key;
    final Inputs inputs;
    final ActiveModel model;
    final Step step;
    /** What goes on with the result: the event's own trace, and this step in it where it is recorded. */
    final @Nullable Traceparent trace;
    /** Where the event stood, so that whoever meets an error while the result is sent names the right record. */
    final ProcessorRecordContext origin;

    private @Nullable Outcome outcome;

    /** What the model made of it. */
    sealed interface Outcome {
        record Scored(float score) implements Outcome {}

        record Failed(String detail) implements Outcome {}
    }

    Waiting(
            ArrivedEvent arrived,
            byte[] key,
            Inputs inputs,
            ActiveModel model,
            Step step,
            ProcessorRecordContext origin) {
        this.arrived = arrived;
        this.key = key;
        this.inputs = inputs;
        this.model = model;
        this.step = step;
        this.trace = step.trace();
        this.origin = origin;
    }

    void scored(float score) {
        outcome = new Outcome.Scored(score);
    }

    void failed(String detail) {
        outcome = new Outcome.Failed(detail);
    }

    /** The outcome of an event whose batch was scored. */
    Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("the event's batch was not scored");
        }
        return outcome;
    }
}
