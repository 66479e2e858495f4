package io.millrace.layout;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the topic pipeline says: the layout that runs, and the one it is being moved to.
 *
 * @param revision increases with each change
 * @param layout that runs, or is being left
 * @param phase of the move
 * @param next that is being moved to; null in phase steady
 * @param lastNumber the greatest number that a layout ever had, those that were given up included
 * @param earlier layouts that ran before, the newest first; what retention has left of their events stands there
 * @param threads of the processors
 * @param at when it was written
 */
public record Pipeline(
        long revision,
        Layout layout,
        Phase phase,
        @Nullable Layout next,
        int lastNumber,
        List<Layout> earlier,
        StreamThreads threads,
        Instant at) {
    /** Where nothing was ever moved. */
    public static final Pipeline FIRST =
            new Pipeline(0, Layout.FIRST, Phase.STEADY, null, 1, List.of(), StreamThreads.AS_SET, Instant.EPOCH);

    /** How far a move is. Up to {@link #CLOSING} it can be given up, from {@link #SWITCHING} it can only go on. */
    public enum Phase {
        /** Nothing moves. */
        STEADY,
        /** The next layout's topics are being made. */
        PREPARING,
        /** The next layout's tasks run and take the state that is copied; the present layout takes the events. */
        COPYING,
        /** As before, but what anybody knows of the pipeline holds for a shorter time, so that the switch may be short. */
        CLOSING,
        /** Doors write to the next layout; the present one drains. */
        SWITCHING,
        /** The present layout takes no event any more; the rest of its state is copied. */
        STOPPING;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if it is none */
        public static Phase parse(String text) {
            for (Phase phase : values()) {
                if (phase.text().equals(text)) {
                    return phase;
                }
            }
            throw new IllegalArgumentException(
                    "phase \"" + text + "\": expected one of steady, preparing, copying, closing, switching, stopping");
        }
    }

    public Pipeline {
        earlier = List.copyOf(earlier);
        if ((phase == Phase.STEADY) != (next == null)) {
            throw new IllegalArgumentException("next: expected in every phase but steady");
        }
        if (next != null && next.number() <= layout.number()) {
            throw new IllegalArgumentException(
                    "next.number " + next.number() + ": expected one above " + layout.number());
        }
        if (lastNumber < (next == null ? layout : next).number()) {
            throw new IllegalArgumentException("lastNumber " + lastNumber + ": expected the greatest number");
        }
    }

    /** Where doors write. */
    public Layout open() {
        return next != null && phase.compareTo(Phase.SWITCHING) >= 0 ? next : layout;
    }

    /** Where questions about users are answered. */
    public Layout asked() {
        return next != null && phase == Phase.STOPPING ? next : layout;
    }

    /** Those whose tasks run. */
    public Set<Layout> running() {
        if (next == null || phase == Phase.PREPARING) {
            return Set.of(layout);
        }
        return phase == Phase.STOPPING ? Set.of(next) : Set.of(layout, next);
    }

    /** One step on, or back to steady. */
    public Pipeline with(Phase changed, Instant now) {
        return new Pipeline(
                revision + 1,
                layout,
                changed,
                changed == Phase.STEADY ? null : next,
                lastNumber,
                earlier,
                threads,
                now);
    }

    /** With other threads. */
    public Pipeline with(StreamThreads changed, Instant now) {
        return new Pipeline(revision + 1, layout, phase, next, lastNumber, earlier, changed, now);
    }
}
