package io.millrace.processor.score;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Traceparent;
import io.millrace.prediction.Inputs;
import io.millrace.trace.Step;
import java.util.List;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;

/**
 * One event that waits to be scored by one model, and then for its task to emit the result. Touched by one stream thread
 * only: made without an outcome, given one when its batch is scored.
 */
final class Waiting {
    private static final Inputs NONE = new Inputs(List.of(), new float[0], null);

    final ArrivedEvent arrived;
    final byte[] key;
    final Inputs inputs;
    final ActiveModel model;
    final Step step;
    /** What goes on with the result: the event's own trace, and this step in it where it is recorded. */
    final @Nullable Traceparent trace;
    /** Where the event stood, so that whoever meets an error while the result is sent names the right record. */
    final ProcessorRecordContext origin;
    /** The champion's share of the event, where this is the canary's: emitted in its stead if that fails. */
    final @Nullable Waiting champion;

    private @Nullable Outcome outcome;

    /** What the model made of it. */
    sealed interface Outcome {
        /** @param score finite */
        record Scored(float score) implements Outcome {}

        record Failed(Stage stage, Reason reason, String detail) implements Outcome {}
    }

    Waiting(
            ArrivedEvent arrived,
            byte[] key,
            Inputs inputs,
            ActiveModel model,
            Step step,
            ProcessorRecordContext origin,
            @Nullable Waiting champion) {
        this.arrived = arrived;
        this.key = key;
        this.inputs = inputs;
        this.model = model;
        this.step = step;
        this.trace = step.trace();
        this.origin = origin;
        this.champion = champion;
    }

    /** An event that has no inputs for the model: nothing is left to wait for. */
    static Waiting refused(
            ArrivedEvent arrived,
            byte[] key,
            ActiveModel model,
            Step step,
            ProcessorRecordContext origin,
            Reason reason,
            String detail) {
        Waiting refused = new Waiting(arrived, key, NONE, model, step, origin, null);
        refused.outcome = new Outcome.Failed(Stage.FEATURIZE, reason, detail);
        return refused;
    }

    /** Whether it has no outcome yet. */
    boolean isOpen() {
        return outcome == null;
    }

    void scored(float score) {
        outcome = new Outcome.Scored(score);
    }

    void failed(Reason reason, String detail) {
        outcome = new Outcome.Failed(Stage.SCORE, reason, detail);
    }

    /** The outcome of an event whose batch was scored. */
    Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("the event's batch was not scored");
        }
        return outcome;
    }
}
