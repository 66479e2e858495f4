package io.millrace.processor.feature;

/** How many events; a slot is {@code pane, count}. */
final class Counts extends Windowed {
    Counts(Place place, Panes panes) {
        super(place, 2, panes);
    }

    /** The events in the window, this one included. */
    double count(UserState state, Observation o) {
        long count = missed(state, o) ? 1 : 0;
        for (int i = from(state, o), to = to(state, o); i < to; i++) {
            count += state.words[state.slot(this, i) + 1];
        }
        return count;
    }

    @Override
    void start(long[] words, int at, Observation o) {
        words[at + 1] = 1;
    }

    @Override
    void fold(long[] words, int at, Observation o) {
        words[at + 1] = Math.min(words[at + 1] + 1, Integer.MAX_VALUE);
    }

    @Override
    int mostSlotBytes() {
        return KEY_BYTES + 5;
    }

    @Override
    void write(StateWriter out, long[] words, int at) {
        out.varint(words[at + 1]);
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        words[at + 1] = in.positive("count");
    }
}
