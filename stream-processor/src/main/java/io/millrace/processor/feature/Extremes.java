package io.millrace.processor.feature;

/** The least or the greatest value of a numeric property; a slot is {@code pane, bits of the float32}. */
final class Extremes extends Windowed {
    private final int field;
    private final boolean greatest;

    Extremes(Place place, Panes panes, int field, boolean greatest) {
        super(place, 2, panes);
        this.field = field;
        this.greatest = greatest;
    }

    double extreme(UserState state, Observation o, double absent) {
        float extreme = missed(state, o) ? o.number(field) : Float.NaN;
        for (int i = from(state, o), to = to(state, o); i < to; i++) {
            extreme = further(value(state.words, state.slot(this, i)), extreme);
        }
        return Float.isNaN(extreme) ? absent : extreme;
    }

    private float further(float value, float than) {
        if (Float.isNaN(than)) {
            return value;
        }
        return greatest ? Math.max(value, than) : Math.min(value, than);
    }

    private static float value(long[] words, int at) {
        return Float.intBitsToFloat((int) words[at + 1]);
    }

    @Override
    boolean takes(Observation o) {
        return super.takes(o) && o.hasNumber(field);
    }

    @Override
    void start(long[] words, int at, Observation o) {
        words[at + 1] = Float.floatToRawIntBits(o.number(field));
    }

    @Override
    void fold(long[] words, int at, Observation o) {
        words[at + 1] = Float.floatToRawIntBits(further(o.number(field), value(words, at)));
    }

    @Override
    int mostSlotBytes() {
        return KEY_BYTES + StateWriter.FLOAT_BYTES;
    }

    @Override
    void write(StateWriter out, long[] words, int at) {
        out.float32((int) words[at + 1]);
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        words[at + 1] = in.float32();
    }
}
