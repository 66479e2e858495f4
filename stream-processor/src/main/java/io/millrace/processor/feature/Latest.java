package io.millrace.processor.feature;

/**
 * The latest of the events it takes, by event time; a slot's key is the time. Equal times stand in the order of arrival.
 * A late event goes where its time belongs, and is not kept where as many newer ones are there as there is room for.
 */
abstract sealed class Latest extends Aggregate permits Times, Steps {
    /** Times end with the year 9999: 48 bits, seven bytes. */
    static final int KEY_BYTES = 7;

    private final int most;

    Latest(Place place, int width, int most) {
        super(place, width);
        this.most = most;
    }

    /** Fills a new slot but for its key. */
    abstract void start(long[] words, int at, Observation o);

    @Override
    final void absorb(UserState state, Observation o) {
        if (!takes(o)) {
            return;
        }
        int upTo = state.upTo(this, o.time());
        if (state.count(this) == most) {
            if (upTo == 0) {
                return;
            }
            state.dropFirst(this, 1);
            upTo--;
        }
        int at = state.insert(this, upTo);
        state.words[at] = o.time();
        start(state.words, at, o);
    }

    /**
     * Whether the event itself is in the state. Asked after {@link #absorb}, when it is the last slot that is not newer:
     * it is missing only where it came too late, or where all slots are taken by newer ones.
     */
    final boolean holds(UserState state, Observation o, int upTo) {
        return upTo > 0 && takes(o) && !tooLate(state, o);
    }

    @Override
    final long key(long time) {
        return time;
    }

    @Override
    final long oldest(long newest) {
        return 0;
    }

    @Override
    final int mostSlots() {
        return most;
    }
}
