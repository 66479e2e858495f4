package io.millrace.processor.feature;

/** A summary of each pane of a window; a slot's key is the pane. */
abstract sealed class Windowed extends Aggregate permits Counts, Sums, Extremes, Gaps, Distincts {
    /** A pane's key is written as its distance from another, and at most twice 12 are retained. */
    static final int KEY_BYTES = 1;

    final Panes panes;

    Windowed(Place place, int width, Panes panes) {
        super(place, width);
        this.panes = panes;
    }

    /** Makes a new pane's slot of its first event. */
    abstract void start(long[] words, int at, Observation o);

    /** Adds an event to its pane's slot. */
    abstract void fold(long[] words, int at, Observation o);

    @Override
    final void absorb(UserState state, Observation o) {
        long pane = panes.pane(o.time());
        long oldest = panes.oldest(state.newest);
        if (pane < oldest || !takes(o)) {
            return;
        }
        int upTo = state.upTo(this, pane);
        if (upTo > 0) {
            int at = state.slot(this, upTo - 1);
            if (state.words[at] == pane) {
                fold(state.words, at, o);
                return;
            }
        }
        upTo -= state.dropBelow(this, oldest);
        int at = state.insert(this, upTo);
        state.words[at] = pane;
        start(state.words, at, o);
    }

    /** The first slot of the window that ends with the event's pane. */
    final int from(UserState state, Observation o) {
        long first = Math.max(panes.pane(o.time()) - Panes.PER_WINDOW + 1, panes.oldest(state.newest));
        return state.upTo(this, first - 1);
    }

    /** One past the last slot of the window. */
    final int to(UserState state, Observation o) {
        return state.upTo(this, panes.pane(o.time()));
    }

    /** Whether the event counts but came too late to be in the state: its own value then includes it all the same. */
    final boolean missed(UserState state, Observation o) {
        boolean absent = tooLate(state, o) || panes.pane(o.time()) < panes.oldest(state.newest);
        return absent && takes(o);
    }

    @Override
    final long key(long time) {
        return panes.pane(time);
    }

    @Override
    final long oldest(long newest) {
        return panes.oldest(newest);
    }

    @Override
    final int mostSlots() {
        return panes.retained();
    }
}
