package io.millrace.processor.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thread's input buffers. Direct and reused: PyTorch reads them in place, while any other buffer would be copied into
 * a new one at each call.
 */
final class BatchTensors {
    private final List<Input> inputs = new ArrayList<>();

    /** One input tensor: {@code [rows, shape…]}. */
    private static final class Input {
        final boolean sequence;
        final int length;
        final int width;
        final ByteBuffer bytes;
        final FloatBuffer floats;

        Input(boolean sequence, int length, int width, int rows) {
            this.sequence = sequence;
            this.length = length;
            this.width = width;
            this.bytes = ByteBuffer.allocateDirect(Math.multiplyExact(
                            Math.multiplyExact(rows, length), Math.multiplyExact(width, Float.BYTES)))
                    .order(ByteOrder.nativeOrder());
            this.floats = bytes.asFloatBuffer();
        }

        int stride() {
            return length * width;
        }

        Shape shape(int rows) {
            return sequence ? new Shape(rows, length, width) : new Shape(rows, width);
        }
    }

    BatchTensors(Manifest manifest, int rows) {
        for (String name : manifest.inputs()) {
            if (name.equals(Manifest.SEQUENCE)) {
                SequenceSpec spec = Objects.requireNonNull(manifest.sequence());
                inputs.add(new Input(true, spec.length(), spec.width(), rows));
            } else {
                inputs.add(new Input(false, 1, manifest.width(), rows));
            }
        }
    }

    /** Writes the rows, and zeros up to the bucket. */
    void fill(List<Inputs> batch, int bucket) {
        for (Input input : inputs) {
            FloatBuffer floats = input.floats;
            floats.clear();
            for (Inputs row : batch) {
                if (input.sequence) {
                    putSequence(input, row.sequence());
                } else {
                    expect(row.values().length, input.width, "values");
                    floats.put(row.values());
                }
            }
            zeros(floats, (bucket - batch.size()) * input.stride());
        }
    }

    private static void putSequence(Input input, Inputs.@Nullable Sequence sequence) {
        if (sequence == null) {
            throw new IllegalArgumentException("a row without a sequence: the model takes one");
        }
        expect(sequence.names().size(), input.width, "values a step");
        if (sequence.steps() > input.length) {
            throw new IllegalArgumentException(sequence.steps() + " steps in a row: expected at most " + input.length);
        }
        zeros(input.floats, (input.length - sequence.steps()) * input.width);
        input.floats.put(sequence.values());
    }

    private static void zeros(FloatBuffer floats, int count) {
        for (int i = 0; i < count; i++) {
            floats.put(0f);
        }
    }

    private static void expect(int found, int expected, String what) {
        if (found != expected) {
            throw new IllegalArgumentException(found + " " + what + " in a row: expected " + expected);
        }
    }

    /** The tensors of the first rows, over the buffers themselves: used up before the next {@link #fill}. */
    NDList tensors(NDManager manager, int bucket) {
        NDList tensors = new NDList(inputs.size());
        for (Input input : inputs) {
            ByteBuffer slice =
                    input.bytes.slice(0, bucket * input.stride() * Float.BYTES).order(ByteOrder.nativeOrder());
            tensors.add(manager.create(slice, input.shape(bucket), DataType.FLOAT32));
        }
        return tensors;
    }
}
