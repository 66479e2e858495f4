package io.millrace.processor.feature;

/**
 * Number, first and last time of the events of a pane; a slot is {@code pane, count, first << 32 | last} with the times
 * in milliseconds from the pane's start. The gaps between consecutive events add up to last − first.
 */
final class Gaps extends Windowed {
    Gaps(Place place, Panes panes) {
        super(place, 3, panes);
    }

    /** Mean seconds between consecutive events of the window. */
    double mean(UserState state, Observation o, double absent) {
        boolean missed = missed(state, o);
        long count = missed ? 1 : 0;
        long first = missed ? o.time() : Long.MAX_VALUE;
        long last = missed ? o.time() : Long.MIN_VALUE;
        for (int i = from(state, o), to = to(state, o); i < to; i++) {
            int at = state.slot(this, i);
            long start = state.words[at] * panes.millis();
            count += state.words[at + 1];
            first = Math.min(first, start + first(state.words, at));
            last = Math.max(last, start + last(state.words, at));
        }
        return count < 2 ? absent : (last - first) / 1000.0 / (count - 1);
    }

    private static long first(long[] words, int at) {
        return words[at + 2] >>> 32;
    }

    private static long last(long[] words, int at) {
        return words[at + 2] & 0xFFFF_FFFFL;
    }

    private long within(Observation o) {
        return o.time() % panes.millis();
    }

    @Override
    void start(long[] words, int at, Observation o) {
        words[at + 1] = 1;
        words[at + 2] = within(o) << 32 | within(o);
    }

    @Override
    void fold(long[] words, int at, Observation o) {
        long first = Math.min(first(words, at), within(o));
        long last = Math.max(last(words, at), within(o));
        words[at + 1] = Math.min(words[at + 1] + 1, Integer.MAX_VALUE);
        words[at + 2] = first << 32 | last;
    }

    /** A pane of 30 days / 12 has fewer than 2²⁸ milliseconds: four bytes; one of a year / 12 fewer than 2³²: five. */
    @Override
    int mostSlotBytes() {
        int timeBytes = panes.millis() <= 1L << 28 ? 4 : 5;
        return KEY_BYTES + 5 + timeBytes + timeBytes;
    }

    @Override
    void write(StateWriter out, long[] words, int at) {
        long first = first(words, at);
        out.varint(words[at + 1]);
        out.varint(first);
        out.varint(last(words, at) - first);
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        words[at + 1] = in.positive("count");
        long first = in.varint();
        long last = first + in.varint();
        if (first < 0 || last < first || last >= panes.millis()) {
            throw in.corrupt("times " + first + " to " + last + " ms in a pane of " + panes.millis());
        }
        words[at + 2] = first << 32 | last;
    }
}
