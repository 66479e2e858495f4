package io.millrace.standalone.chaos.fault;

import java.time.Duration;

/**
 * One thing that is done.
 *
 * @param at after the beginning
 * @param target a part's name; of links the beginning of their names; of roll and scale nothing
 * @param hold how long it stays broken
 * @param way which of the ways there are of doing it, drawn from the seed
 */
public record Fault(Duration at, FaultKind kind, String target, Duration hold, int way) {
    @Override
    public String toString() {
        return String.format(
                "%6.1f s  %-8s %-24s %s",
                at.toMillis() / 1e3, kind.text(), target, hold.isZero() ? "" : "for " + hold.toMillis() / 1e3 + " s");
    }
}
