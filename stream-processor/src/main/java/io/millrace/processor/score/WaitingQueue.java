package io.millrace.processor.score;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.PredictionId;
import io.millrace.prediction.Role;
import io.millrace.processor.observe.ScoringMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;

/**
 * One task's events that wait for their scores, in the order they came, which is the order their predictions leave in.
 *
 * <p>Emptied when the thread has nothing else to do, when the oldest has waited long enough, when too many wait, and
 * always before a commit. Streams calls the last from outside any processor, so the queue restores its node first.
 */
final class WaitingQueue {
    /** Bounds memory; the micro-batches have been scored long before, what waits is only the emission. */
    private static final int LONGEST = 4096;

    private final InternalProcessorContext<byte[], byte[]> context;
    private final @Nullable ProcessorNode<?, ?, ?, ?> node;
    private final ThreadScoring scoring;
    private final Emitter emitter;
    private final ScoringMeters meters;
    private final long lingerMillis;
    private final Deque<Waiting> queue = new ArrayDeque<>();

    private @Nullable TaskQuality quality;
    private long oldestSince;
    private boolean cameSinceLastLook;

    /** Made in the processor's init, where the current node is the processor's own. */
    WaitingQueue(
            InternalProcessorContext<byte[], byte[]> context,
            ThreadScoring scoring,
            Emitter emitter,
            ScoringMeters meters,
            Duration linger) {
        this.context = context;
        this.node = context.currentNode();
        this.scoring = scoring;
        this.emitter = emitter;
        this.meters = meters;
        this.lingerMillis = linger.toMillis();
    }

    /** Who is told of each prediction that was emitted. */
    void attach(TaskQuality watched) {
        quality = watched;
    }

    /** Its scores are asked for, the champion's first where that stands in for it. */
    void add(Waiting waiting) {
        if (waiting.champion != null && waiting.champion.isOpen()) {
            scoring.add(waiting.champion);
        }
        if (waiting.isOpen()) {
            scoring.add(waiting);
        }
        if (queue.isEmpty()) {
            oldestSince = context.currentSystemTimeMs();
        }
        queue.add(waiting);
        cameSinceLastLook = true;
        if (queue.size() >= LONGEST) {
            drain();
        }
    }

    /** Called once a loop of the thread: drains unless more events keep coming and the oldest may still wait. */
    void look(long nowMillis) {
        boolean quiet = !cameSinceLastLook;
        cameSinceLastLook = false;
        if (!queue.isEmpty() && (quiet || nowMillis - oldestSince >= lingerMillis)) {
            drain();
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Scores and emits everything that waits. */
    void drain() {
        if (queue.isEmpty()) {
            return;
        }
        scoring.score();
        ProcessorNode<?, ?, ?, ?> previousNode = context.currentNode();
        ProcessorRecordContext previousRecord = context.recordContext();
        context.setCurrentNode(node);
        try {
            Instant now = emitter.now();
            for (Waiting waiting = queue.peek(); waiting != null; waiting = queue.peek()) {
                context.setRecordContext(waiting.origin);
                emit(waiting, now);
                queue.remove();
            }
        } finally {
            context.setRecordContext(previousRecord);
            context.setCurrentNode(previousNode);
        }
    }

    private void emit(Waiting waiting, Instant now) {
        Waiting.Outcome outcome = waiting.outcome();
        if (outcome instanceof Waiting.Outcome.Scored scored) {
            compare(waiting, scored.score());
            predict(waiting, scored.score(), now);
        } else if (outcome instanceof Waiting.Outcome.Failed failed) {
            if (waiting.champion != null) {
                waiting.step.put("model", waiting.champion.model.version().toString());
                emit(waiting.champion, now);
            } else {
                refuse(waiting, failed);
            }
        }
    }

    /** A canary's guardrails compare it with the champion on the very events that it scores. */
    private static void compare(Waiting waiting, float score) {
        Watch watch = waiting.model.watch();
        if (watch != null
                && waiting.champion != null
                && waiting.champion.outcome() instanceof Waiting.Outcome.Scored champion) {
            watch.compare(champion.score(), score);
        }
    }

    private void predict(Waiting waiting, float score, Instant now) {
        try {
            PredictionId prediction = emitter.prediction(waiting, score, now);
            // What its user has done since may have been its outcome, and nobody kept it for a prediction that was not
            // there.
            if (quality != null && !waiting.arrived.isAgain()) {
                quality.predicted(waiting, score);
            }
            meters.trail().predicted(waiting.arrived.event(), prediction, waiting.step);
            meters.of(waiting.model.version()).predicted(waiting.model.role());
            if (waiting.model.role() != Role.SHADOW && waiting.arrived.redrive() == null) {
                meters.predicted(waiting.arrived.event().times().received(), now);
            }
        } catch (IllegalArgumentException e) {
            // A prediction that cannot be written must not stand in the way of those behind it, again at each restart.
            refuse(
                    waiting,
                    new Waiting.Outcome.Failed(Stage.SCORE, Reason.PROCESSING_FAILED, String.valueOf(e.getMessage())));
        }
    }

    /** What a shadow cannot score is missed by nobody: its failures are counted where they happen. */
    private void refuse(Waiting waiting, Waiting.Outcome.Failed failed) {
        waiting.step.failed(failed.reason().code()).end();
        if (waiting.model.role() == Role.SHADOW) {
            return;
        }
        emitter.deadLetter(
                failed.stage(),
                failed.reason(),
                failed.detail(),
                waiting.arrived,
                waiting.key,
                waiting.model,
                waiting.origin,
                waiting.trace);
    }
}
