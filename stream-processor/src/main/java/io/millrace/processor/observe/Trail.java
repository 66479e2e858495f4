package io.millrace.processor.observe;

import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Traceparent;
import io.millrace.log.Ration;
import io.millrace.prediction.Prediction;
import io.millrace.trace.Step;
import io.millrace.trace.Tracing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of single events: a span of each step where the event's trace is sampled, a line where an event goes to
 * dead-letters, a few a second, and at debug a line for everything else. Thread-safe.
 */
public final class Trail {
    /** Records no spans. */
    public static final Trail OFF = new Trail(Tracing.OFF);

    private static final Logger log = LoggerFactory.getLogger(Trail.class);
    private static final int LINES_PER_SECOND = 20;

    private final Tracing tracing;
    private final Ration ration = new Ration(LINES_PER_SECOND);

    public Trail(Tracing tracing) {
        this.tracing = tracing;
    }

    /** An event begins to be scored by one model; whoever emits the result ends the step. */
    public Step score(Event event, String model, @Nullable Traceparent trace) {
        Step step = tracing.consume("score", trace);
        return step.isRecorded() ? step.put("event.id", event.id().value()).put("model", model) : step;
    }

    /** The prediction was handed to Kafka. */
    public void predicted(Event event, PredictionId prediction, Step step) {
        if (step.isRecorded()) {
            step.put("prediction.id", prediction.toString());
        }
        step.end();
        if (log.isDebugEnabled()) {
            log.atDebug()
                    .addKeyValue("trace", step.trace())
                    .addKeyValue("event_id", event.id().value())
                    .addKeyValue("prediction_id", prediction.toString())
                    .log("Event scored");
        }
    }

    /** A row begins to be stored; whoever commits it ends the step. */
    public Step store(Prediction prediction) {
        Step step = tracing.consume("store", prediction.traceparent());
        return step.isRecorded()
                ? step.put("event.id", prediction.eventId().value())
                        .put("prediction.id", prediction.id().toString())
                : step;
    }

    /** The row is committed. */
    public void stored(Prediction prediction, int rows, Step step) {
        step.put("batch.size", rows).end();
        if (log.isDebugEnabled()) {
            log.atDebug()
                    .addKeyValue("trace", step.trace())
                    .addKeyValue("event_id", prediction.eventId().value())
                    .addKeyValue("prediction_id", prediction.id().toString())
                    .log("Prediction stored");
        }
    }

    /** The event was seen before and is not scored again. */
    public void duplicate(Event event, @Nullable Traceparent trace) {
        Step step = tracing.consume("deduplicate", trace);
        if (step.isRecorded()) {
            step.put("event.id", event.id().value()).put("outcome", "duplicate").end();
        }
        if (log.isDebugEnabled()) {
            log.atDebug()
                    .addKeyValue("trace", trace)
                    .addKeyValue("event_id", event.id().value())
                    .addKeyValue("source", event.source().name())
                    .log("Event seen before: it is not scored again");
        }
    }

    /** Something goes to dead-letters. */
    public void deadLetter(DeadLetter letter) {
        if (ration.take()) {
            DeadLetter.Origin origin = letter.origin();
            log.atInfo()
                    .addKeyValue("trace", letter.traceparent())
                    .addKeyValue("event_id", letter.eventId())
                    .addKeyValue("reason", letter.reason().code())
                    .addKeyValue("stage", letter.stage().name().toLowerCase(Locale.ROOT))
                    .addKeyValue("model", letter.model())
                    .addKeyValue(
                            "origin",
                            origin == null ? null : origin.topic() + "/" + origin.partition() + "@" + origin.offset())
                    .log("Event refused: it goes to dead-letters");
        }
    }
}
