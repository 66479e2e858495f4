package io.millrace.processor.verify;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Inputs.Sequence;
import io.millrace.prediction.Inputs.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stored inputs as a model takes them: JSON names its values, a tensor has them in an order. Immutable. */
final class TensorOrder {
    private final List<Slot> slots;
    private final int width;
    private final @Nullable SequenceSpec sequence;

    TensorOrder(Manifest manifest) {
        slots = manifest.features().stream()
                .map((FeatureSpec feature) -> new Slot(feature.name(), feature.width()))
                .toList();
        width = manifest.width();
        sequence = manifest.sequence();
    }

    /** Why the inputs cannot be those that the model was given, as one sentence; null where they can. */
    @Nullable
    String problem(Inputs stored) {
        Map<String, Integer> widths = new HashMap<>();
        for (Slot slot : stored.slots()) {
            if (widths.put(slot.name(), slot.width()) != null) {
                return "feature " + slot.name() + ": stored twice, expected once";
            }
        }
        for (Slot slot : slots) {
            Integer given = widths.remove(slot.name());
            if (given == null || given != slot.width()) {
                return "feature " + slot.name() + ": stored " + (given == null ? 0 : given) + " values, expected "
                        + slot.width();
            }
        }
        if (!widths.isEmpty()) {
            return "features " + widths.keySet() + ": stored, and the model takes none of that name";
        }
        return problem(stored.sequence());
    }

    private @Nullable String problem(@Nullable Sequence stored) {
        if (sequence == null || stored == null) {
            return sequence == null && stored == null
                    ? null
                    : "sequence: stored " + (stored == null ? "none, expected one" : "one, expected none");
        }
        if (!stored.names().equals(sequence.stepNames())) {
            return "sequence.names: stored " + stored.names() + ", expected " + sequence.stepNames();
        }
        return stored.steps() <= sequence.length()
                ? null
                : "sequence: stored " + stored.steps() + " steps, expected at most " + sequence.length();
    }

    /** Arranges inputs that have no {@link #problem}. */
    Inputs arrange(Inputs stored) {
        Map<String, Integer> places = new HashMap<>();
        int at = 0;
        for (Slot slot : stored.slots()) {
            places.put(slot.name(), at);
            at += slot.width();
        }
        float[] values = new float[width];
        int to = 0;
        for (Slot slot : slots) {
            System.arraycopy(stored.values(), places.getOrDefault(slot.name(), 0), values, to, slot.width());
            to += slot.width();
        }
        return new Inputs(slots, values, stored.sequence());
    }
}
