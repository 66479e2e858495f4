package io.millrace.processor.store;

import io.millrace.deadletter.DeadLetter;

/**
 * Where records go that cannot become rows: the dead letters' topic, wired by the process. Called on the writer's
 * thread, before the record's offset is committed; after a crash the same record may be handed over again.
 */
@FunctionalInterface
public interface RefusedRows {
    /**
     * Returns once the letter is safe.
     *
     * @throws RuntimeException if it is not; the writer waits and hands it over again
     */
    void refuse(DeadLetter letter);
}
