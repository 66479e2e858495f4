package io.millrace.processor.feature;

import io.millrace.model.FeatureSpec.Cyclic;
import io.millrace.model.SequenceSpec;
import io.millrace.model.Transform;
import io.millrace.prediction.Inputs;
import java.util.List;

/**
 * A model's sequence input: the latest events not newer than the scored one, which is the last where it is a step itself.
 *
 * @param length how many at most
 * @param names of a step's values
 * @param columns where each value comes from, {@code sinceLast} aside
 * @param sinceLast whether a step's last value is the seconds since the step before
 * @param transform of {@code sinceLast}
 */
record StepSequence(
        Steps steps, int length, List<String> names, Column[] columns, boolean sinceLast, Transform transform) {
    /** A value of a step. */
    sealed interface Column {
        /** Kept with the step. */
        record Kept(int index) implements Column {}

        /** Computed of the step's time. */
        record Clock(Cyclic spec) implements Column {}
    }

    /** One more step is kept where the oldest shown one needs the time of the step before. */
    static int kept(SequenceSpec spec) {
        return spec.length() + (spec.sinceLast() == null ? 0 : 1);
    }

    Inputs.Sequence compute(UserState state, Observation o) {
        int upTo = state.upTo(steps, o.time());
        boolean extra = steps.takes(o) && !steps.holds(state, o, upTo);
        int shown = Math.min(upTo, length - (extra ? 1 : 0));
        int width = names.size();
        float[] values = new float[(shown + (extra ? 1 : 0)) * width];
        int to = 0;
        for (int i = upTo - shown; i < upTo; i++, to += width) {
            int at = state.slot(steps, i);
            long time = state.words[at];
            long before = i == 0 ? time : state.words[at - steps.width];
            for (int c = 0; c < columns.length; c++) {
                values[to + c] = value(columns[c], state.words, at, time);
            }
            since(values, to, time, before);
        }
        if (extra) {
            long before = upTo == 0 ? o.time() : state.words[state.slot(steps, upTo - 1)];
            for (int c = 0; c < columns.length; c++) {
                values[to + c] = value(columns[c], o);
            }
            since(values, to, o.time(), before);
        }
        return new Inputs.Sequence(names, values.length / width, values);
    }

    private static float value(Column column, long[] words, int at, long time) {
        if (column instanceof Column.Kept kept) {
            return Steps.value(words, at, kept.index());
        }
        return clock((Column.Clock) column, time);
    }

    private float value(Column column, Observation o) {
        if (column instanceof Column.Kept kept) {
            return steps.value(o, kept.index());
        }
        return clock((Column.Clock) column, o.time());
    }

    private static float clock(Column.Clock clock, long time) {
        return (float) Cycles.value(clock.spec(), time);
    }

    private void since(float[] values, int to, long time, long before) {
        if (sinceLast) {
            values[to + columns.length] = OwnValue.finish(transform, (time - before) / 1000.0);
        }
    }
}
