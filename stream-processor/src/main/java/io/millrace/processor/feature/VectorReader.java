package io.millrace.processor.feature;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads a numeric array of an event's properties. */
final class VectorReader {
    /**
     * What was found.
     *
     * @param size how many elements the array has; −1 where the value is no array of float32 numbers
     * @param values the first of them, as many as any feature wants
     */
    record Vector(int size, float[] values) {
        static final Vector MALFORMED = new Vector(-1, new float[0]);
    }

    private VectorReader() {}

    /** Leaves the parser at the array's end. */
    static Vector read(JsonParser parser, JsonToken token, int most) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            return Vector.MALFORMED;
        }
        float[] values = new float[most];
        int size = 0;
        boolean malformed = false;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            float value = next.isNumeric() ? Json.number(parser, next) : Float.NaN;
            malformed |= Float.isNaN(value);
            if (size < most) {
                values[size] = value;
            }
            size++;
            parser.skipChildren();
        }
        return malformed ? Vector.MALFORMED : new Vector(size, values);
    }
}
