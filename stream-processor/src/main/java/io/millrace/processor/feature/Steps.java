package io.millrace.processor.feature;

import java.util.List;

/** The values of the latest events' properties; a slot is {@code time, values}, two float32 to a long. */
final class Steps extends Latest {
    private final List<OwnValue> values;

    Steps(Place place, int most, List<OwnValue> values) {
        super(place, 1 + (values.size() + 1) / 2, most);
        this.values = values;
    }

    static float value(long[] words, int at, int i) {
        return Float.intBitsToFloat(bits(words, at, i));
    }

    /** The event's own value, as {@link #start} would keep it. */
    float value(Observation o, int i) {
        return values.get(i).value(o);
    }

    private static int bits(long[] words, int at, int i) {
        return (int) (words[at + 1 + (i >>> 1)] >>> ((i & 1) << 5));
    }

    private static void put(long[] words, int at, int i, int bits) {
        words[at + 1 + (i >>> 1)] |= Integer.toUnsignedLong(bits) << ((i & 1) << 5);
    }

    @Override
    void start(long[] words, int at, Observation o) {
        for (int i = 0; i < values.size(); i++) {
            put(words, at, i, Float.floatToRawIntBits(values.get(i).value(o)));
        }
    }

    @Override
    int mostSlotBytes() {
        return KEY_BYTES + values.size() * StateWriter.FLOAT_BYTES;
    }

    @Override
    void write(StateWriter out, long[] words, int at) {
        for (int i = 0; i < values.size(); i++) {
            out.float32(bits(words, at, i));
        }
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        for (int i = 0; i < values.size(); i++) {
            put(words, at, i, in.float32());
        }
    }
}
