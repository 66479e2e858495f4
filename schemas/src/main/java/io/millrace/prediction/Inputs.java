package io.millrace.prediction;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Exactly what a model was given for one event, so that the score can be explained and reproduced bit for bit.
 *
 * <p>Holds arrays without copying them: it stands on the hot path, one a prediction. Nobody writes to them after.
 *
 * @param slots the dense features in tensor order; one list for all predictions of a model version
 * @param values float32, as many as the slots' widths add up to
 * @param sequence the last events, or null where the model takes none
 */
public record Inputs(
        List<Slot> slots, float[] values, @Nullable Sequence sequence) {
    /**
     * One named feature.
     *
     * @param name as the manifest declares it
     * @param width how many values it takes: 1, or the size of a vector
     */
    public record Slot(String name, int width) {
        public Slot {
            Objects.requireNonNull(name, "name");
            if (width < 1) {
                throw new IllegalArgumentException("width " + width + " of " + name + ": expected 1 or more");
            }
        }
    }

    /**
     * The last events' own features, oldest first.
     *
     * @param names the features of one step, in tensor order
     * @param steps how many events there are, at most what the manifest says
     * @param values float32, row-major, {@code steps × names.size()}
     */
    public record Sequence(List<String> names, int steps, float[] values) {
        public Sequence {
            if (values.length != steps * names.size()) {
                throw new IllegalArgumentException(
                        values.length + " values: expected " + steps + " steps of " + names.size());
            }
        }

        /** Bit for bit: 0 and -0 differ. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Sequence that
                    && names.equals(that.names)
                    && steps == that.steps
                    && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return 31 * names.hashCode() + Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "Sequence[names=" + names + ", steps=" + steps + ", values=" + Arrays.toString(values) + "]";
        }
    }

    public Inputs {
        int width = 0;
        for (int i = 0; i < slots.size(); i++) {
            width += slots.get(i).width();
        }
        if (values.length != width) {
            throw new IllegalArgumentException(values.length + " values: expected " + width);
        }
    }

    /** Bit for bit: 0 and -0 differ. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Inputs that
                && slots.equals(that.slots)
                && Arrays.equals(values, that.values)
                && Objects.equals(sequence, that.sequence);
    }

    @Override
    public int hashCode() {
        return 31 * slots.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Inputs[slots=" + slots + ", values=" + Arrays.toString(values) + ", sequence=" + sequence + "]";
    }
}
