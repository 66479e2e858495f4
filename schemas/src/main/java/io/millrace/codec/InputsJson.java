package io.millrace.codec;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Inputs.Sequence;
import io.millrace.prediction.Inputs.Slot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's inputs as JSON: {@code features} is {@code {"name": number | [numbers]}} in tensor order, {@code sequence} is
 * {@code {"names": […], "values": [[…], …]}}, one inner array a step. The same in a prediction and in the store.
 */
public final class InputsJson {
    private static final byte[] NAMES = "{\"names\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUES = "],\"values\":[".getBytes(StandardCharsets.US_ASCII);
    private static final int USUAL_NAME = 24;
    private static final int USUAL_NUMBER = 12;

    private InputsJson() {}

    /** The dense features. */
    public static JsonObject features(Inputs inputs) {
        JsonWriter json = new JsonWriter(usualLength(inputs));
        writeFeatures(inputs, json);
        return json.toJsonObject();
    }

    /** The sequence, where there is one. */
    public static @Nullable JsonObject sequence(Inputs inputs) {
        Sequence sequence = inputs.sequence();
        if (sequence == null) {
            return null;
        }
        JsonWriter json = new JsonWriter(usualLength(inputs));
        writeSequence(sequence, json);
        return json.toJsonObject();
    }

    /** A number as all of Millrace's JSON has it: the shortest text that reads back as the same float32. */
    public static String number(float value) {
        JsonWriter json = new JsonWriter(USUAL_NUMBER);
        json.number(value);
        return new String(json.toByteArray(), StandardCharsets.US_ASCII);
    }

    static int usualLength(Inputs inputs) {
        Sequence sequence = inputs.sequence();
        int dense = inputs.slots().size() * USUAL_NAME + inputs.values().length * USUAL_NUMBER;
        return dense
                + (sequence == null
                        ? 0
                        : sequence.names().size() * USUAL_NAME + sequence.values().length * USUAL_NUMBER);
    }

    static void writeFeatures(Inputs inputs, JsonWriter json) {
        List<Slot> slots = inputs.slots();
        float[] values = inputs.values();
        int at = 0;
        json.raw('{');
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (i > 0) {
                json.raw(',');
            }
            json.text(slot.name());
            json.raw(':');
            if (slot.width() == 1) {
                json.number(values[at]);
            } else {
                writeArray(values, at, slot.width(), json);
            }
            at += slot.width();
        }
        json.raw('}');
    }

    static void writeSequence(Sequence sequence, JsonWriter json) {
        List<String> names = sequence.names();
        json.raw(NAMES);
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                json.raw(',');
            }
            json.text(names.get(i));
        }
        json.raw(VALUES);
        for (int step = 0; step < sequence.steps(); step++) {
            if (step > 0) {
                json.raw(',');
            }
            writeArray(sequence.values(), step * names.size(), names.size(), json);
        }
        json.raw(']');
        json.raw('}');
    }

    /** Reads the object that is the next value. */
    static @Nullable Inputs readFeatures(RecordReader reader) throws IOException, DecodeException {
        if (!reader.enterObject("features")) {
            return null;
        }
        List<Slot> slots = new ArrayList<>();
        Floats values = new Floats();
        for (String name = reader.field(); name != null; name = reader.field()) {
            int before = values.count;
            if (reader.next() == JsonToken.START_ARRAY) {
                readArray(reader, name, values);
            } else {
                values.add(reader.floatValue(name));
            }
            slots.add(new Slot(name, values.count - before));
        }
        return new Inputs(slots, values.toArray(), null);
    }

    /** Reads the object that is the next value. */
    static @Nullable Sequence readSequence(RecordReader reader) throws IOException, DecodeException {
        if (!reader.enterObject("sequence")) {
            return null;
        }
        List<String> names = new ArrayList<>();
        Floats values = new Floats();
        int steps = 0;
        for (String field = reader.field(); field != null; field = reader.field()) {
            switch (field) {
                case "names" -> readNames(reader, names);
                case "values" -> {
                    enterArray(reader, "sequence.values");
                    for (JsonToken token = reader.next(); token != JsonToken.END_ARRAY; token = reader.next()) {
                        if (token != JsonToken.START_ARRAY) {
                            throw RecordReader.wrongType(token, "sequence.values", "an array of arrays");
                        }
                        readArray(reader, "sequence.values", values);
                        steps++;
                    }
                }
                default -> reader.skip();
            }
        }
        return new Sequence(names, steps, values.toArray());
    }

    private static void readNames(RecordReader reader, List<String> names) throws IOException, DecodeException {
        enterArray(reader, "sequence.names");
        for (String name = reader.element("sequence.names"); name != null; name = reader.element("sequence.names")) {
            names.add(name);
        }
    }

    private static void enterArray(RecordReader reader, String field) throws IOException, DecodeException {
        JsonToken token = reader.next();
        if (token != JsonToken.START_ARRAY) {
            throw RecordReader.wrongType(token, field, "an array");
        }
    }

    private static void readArray(RecordReader reader, String field, Floats values)
            throws IOException, DecodeException {
        while (reader.next() != JsonToken.END_ARRAY) {
            values.add(reader.floatValue(field));
        }
    }

    private static void writeArray(float[] values, int from, int count, JsonWriter json) {
        json.raw('[');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                json.raw(',');
            }
            json.number(values[from + i]);
        }
        json.raw(']');
    }

    private static final class Floats {
        private float[] values = new float[32];
        private int count;

        void add(float value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = value;
        }

        float[] toArray() {
            return Arrays.copyOf(values, count);
        }
    }
}
