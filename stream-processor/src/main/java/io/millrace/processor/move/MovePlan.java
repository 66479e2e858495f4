package io.millrace.processor.move;

import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;

/**
 * What a move would do.
 *
 * @param from that runs
 * @param to that is moved to
 * @param phase a move to it has come to before; steady where none has begun
 * @param eventBytes on the present topic of events, which stays until retention has emptied it
 * @param stateBytes of the changelogs, on one replica of each
 * @param stateRecords of the changelogs, those that compaction has not taken away yet included
 * @param members of the processors' group
 */
public record MovePlan(
        Layout from,
        Layout to,
        Pipeline.Phase phase,
        long eventBytes,
        long stateBytes,
        long stateRecords,
        int members) {
    /** Whether the pipeline is there already. */
    public boolean isNothing() {
        return phase == Pipeline.Phase.STEADY && from.partitions() == to.partitions();
    }
}
