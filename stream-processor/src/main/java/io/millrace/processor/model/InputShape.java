package io.millrace.processor.model;

import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import java.util.List;

/**
 * What a model is given for an example.
 *
 * @param inputs the tensors' names, in the order the model takes them
 * @param width how many dense values
 * @param length how many steps at most; 0 without a sequence
 * @param stepWidth how many values a step has; 0 without a sequence
 */
public record InputShape(List<String> inputs, int width, int length, int stepWidth) {
    public InputShape {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty() || width < 0 || length < 0 || stepWidth < 0) {
            throw new IllegalArgumentException("inputs " + inputs + " of " + width + " values and " + length
                    + " steps of " + stepWidth + ": expected one input or more, and no negative width");
        }
    }

    /** Of a manifest. */
    public static InputShape of(Manifest manifest) {
        SequenceSpec sequence = manifest.sequence();
        return new InputShape(
                manifest.inputs(),
                manifest.width(),
                sequence == null ? 0 : sequence.length(),
                sequence == null ? 0 : sequence.width());
    }

    /** Of dense values alone. */
    public static InputShape dense(int width) {
        return new InputShape(List.of(Manifest.FEATURES), width, 0, 0);
    }

    /** Whether the model reads the dense values. */
    public boolean hasDense() {
        return inputs.contains(Manifest.FEATURES);
    }

    /** Whether the model reads the sequence. */
    public boolean hasSequence() {
        return inputs.contains(Manifest.SEQUENCE);
    }
}
