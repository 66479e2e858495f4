package io.millrace.processor.feature;

/**
 * Sum and number of a numeric property; a slot is {@code pane, number, bits of the sum}. Values are float32 and sums
 * float64, which {@code 2³¹} of them cannot overflow.
 */
final class Sums extends Windowed {
    private static final int INTEGER = 0;
    private static final int SINGLE = 1;
    private static final int DOUBLE = 2;

    private final int field;

    Sums(Place place, Panes panes, int field) {
        super(place, 3, panes);
        this.field = field;
    }

    double sum(UserState state, Observation o, double absent) {
        return total(state, o, absent, false);
    }

    double mean(UserState state, Observation o, double absent) {
        return total(state, o, absent, true);
    }

    private double total(UserState state, Observation o, double absent, boolean divide) {
        boolean missed = missed(state, o);
        double sum = missed ? o.number(field) : 0;
        long number = missed ? 1 : 0;
        for (int i = from(state, o), to = to(state, o); i < to; i++) {
            int at = state.slot(this, i);
            number += state.words[at + 1];
            sum += Double.longBitsToDouble(state.words[at + 2]);
        }
        if (number == 0) {
            return absent;
        }
        return divide ? sum / number : sum;
    }

    @Override
    boolean takes(Observation o) {
        return super.takes(o) && o.hasNumber(field);
    }

    @Override
    void start(long[] words, int at, Observation o) {
        words[at + 1] = 1;
        words[at + 2] = Double.doubleToRawLongBits(o.number(field));
    }

    @Override
    void fold(long[] words, int at, Observation o) {
        words[at + 1] = Math.min(words[at + 1] + 1, Integer.MAX_VALUE);
        words[at + 2] = Double.doubleToRawLongBits(Double.longBitsToDouble(words[at + 2]) + o.number(field));
    }

    @Override
    int mostSlotBytes() {
        return KEY_BYTES + 5 + 8;
    }

    /** The number carries the sum's form in its lowest two bits: most sums are small integers or one float32. */
    @Override
    void write(StateWriter out, long[] words, int at) {
        double sum = Double.longBitsToDouble(words[at + 2]);
        long number = words[at + 1] << 2;
        if (sum == Math.rint(sum) && Math.abs(sum) < 1 << 20) {
            out.varint(number | INTEGER);
            out.zigzag((long) sum);
        } else if ((float) sum == sum) {
            out.varint(number | SINGLE);
            out.fixed32(Float.floatToRawIntBits((float) sum));
        } else {
            out.varint(number | DOUBLE);
            out.fixed64(words[at + 2]);
        }
    }

    @Override
    void read(StateReader in, long[] words, int at) {
        long head = in.positive("number of values");
        double sum = switch ((int) head & 3) {
            case INTEGER -> in.zigzag();
            case SINGLE -> Float.intBitsToFloat(in.fixed32());
            default -> Double.longBitsToDouble(in.fixed64());
        };
        if (!Double.isFinite(sum) || head >>> 2 == 0) {
            throw in.corrupt("sum " + sum + " of " + (head >>> 2) + " values: expected a finite sum of one or more");
        }
        words[at + 1] = head >>> 2;
        words[at + 2] = Double.doubleToRawLongBits(sum);
    }
}
