package io.millrace.processor.score;

import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Traceparent;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.jspecify.annotations.Nullable;

/** What a task lends its {@link ScoreProcessor} between init and close. Belongs to the task's thread. */
record ScoreTask(
        InternalProcessorContext<byte[], byte[]> context,
        RecentUsers users,
        SeenEvents seen,
        ThreadScoring scoring,
        WaitingQueue queue,
        TaskQuality quality,
        Emitter emitter)
        implements MicroBatchStore.Drain {
    /** Whether nothing is in memory alone: what a commit left there would be lost with the process. */
    @Override
    public boolean isEmpty() {
        return queue.isEmpty() && seen.isWritten() && users.isWritten();
    }

    /** Before a commit: what waits goes out, and what is in memory alone is written, of which there may be more by then. */
    @Override
    public void drain() {
        queue.drain();
        quality.keep();
        seen.flush();
        users.flush();
    }

    /** Milliseconds since an event was received. */
    long age(ArrivedEvent arrived) {
        return context.currentSystemTimeMs()
                - arrived.event().times().received().toEpochMilli();
    }

    /**
     * The record under way becomes a dead letter.
     *
     * @param arrived its event, where one could be read
     */
    void refuse(
            Stage stage,
            Reason reason,
            String detail,
            @Nullable ArrivedEvent arrived,
            byte @Nullable [] key,
            @Nullable Traceparent trace) {
        emitter.deadLetter(stage, reason, detail, arrived, key, null, context.recordContext(), trace);
    }
}
