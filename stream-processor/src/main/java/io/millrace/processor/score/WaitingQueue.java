package io.millrace.processor.score;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.PredictionId;
import io.millrace.processor.observe.ScoringMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
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
final class WaitingQueue implements MicroBatchStore.Drain {
    /** Bounds memory; the micro-batches have been scored long before, what waits is only the emission. */
    private static final int LONGEST = 4096;

    private final InternalProcessorContext<byte[], byte[]> context;
    private final @Nullable ProcessorNode<?, ?, ?, ?> node;
    private final Collection<MicroBatch> batches;
    private final Emitter emitter;
    private final ScoringMeters meters;
    private final long lingerMillis;
    private final Deque<Waiting> queue = new ArrayDeque<>();

    private long oldestSince;
    private boolean cameSinceLastLook;

    /** Made in the processor's init, where the current node is the processor's own. */
    WaitingQueue(
            InternalProcessorContext<byte[], byte[]> context,
            Collection<MicroBatch> batches,
            Emitter emitter,
            ScoringMeters meters,
            Duration linger) {
        this.context = context;
        this.node = context.currentNode();
        this.batches = batches;
        this.emitter = emitter;
        this.meters = meters;
        this.lingerMillis = linger.toMillis();
    }

    void add(Waiting waiting) {
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

    @Override
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    @Override
    public void drain() {
        if (queue.isEmpty()) {
            return;
        }
        batches.forEach(MicroBatch::score);
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
            if (Float.isFinite(scored.score())) {
                predict(waiting, scored.score(), now);
            } else {
                refuse(waiting, Reason.SCORE_NOT_FINITE, "score " + scored.score() + ": expected a finite number");
            }
        } else if (outcome instanceof Waiting.Outcome.Failed failed) {
            refuse(waiting, Reason.MODEL_FAILED, failed.detail());
        }
    }

    private void predict(Waiting waiting, float score, Instant now) {
        try {
            PredictionId prediction = emitter.prediction(waiting, score, now);
            meters.trail().predicted(waiting.arrived.event(), prediction, waiting.step);
            meters.predicted(waiting.arrived.event().times().received(), now);
        } catch (IllegalArgumentException e) {
            // A prediction that cannot be written must not stand in the way of those behind it, again at each restart.
            refuse(waiting, Reason.PROCESSING_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void refuse(Waiting waiting, Reason reason, String detail) {
        waiting.step.failed(reason.code()).end();
        emitter.deadLetter(
                Stage.SCORE,
                reason,
                detail,
                waiting.arrived,
                waiting.key,
                waiting.model,
                waiting.origin,
                waiting.trace);
    }
}
