package io.millrace.processor.feature;

/** The times of the latest events; a slot is {@code time}. Four of them, so that an event a little late finds its own last one. */
final class Times extends Latest {
    static final int KEPT = 4;

    Times(Place place) {
        super(place, 1, KEPT);
    }

    /** Seconds since the last such event before this one, or the horizon. */
    double since(UserState state, Observation o, double horizon) {
        int upTo = state.upTo(this, o.time());
        int before = holds(state, o, upTo) ? upTo - 1 : upTo;
        if (before == 0) {
            return horizon;
        }
        return Math.min(horizon, (o.time() - state.words[state.slot(this, before - 1)]) / 1000.0);
    }

    @Override
    void start(long[] words, int at, Observation o) {
        // the time is all
    }

    @Override
    int mostSlotBytes() {
        return KEY_BYTES;
    }

    @Override
    void write(StateWriter out, long[] words, int at) {
        // the time is all
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        // the time is all
    }
}
