package io.millrace.processor.feature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.json.JsonObject;
import java.io.IOException;

/** How JSON values become features' values. */
final class Json {
    /**
     * No limit on the digits of a number, for the event's size is bounded; no interning of names, which are the
     * producers' choice.
     */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int MOST_EXACT = 15;
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Json() {}

    static JsonParser parser(JsonObject json) throws IOException {
        return FACTORY.createParser(json.array(), json.offset(), json.length());
    }

    /**
     * The value as a float32: a number's nearest, 1 for true, 0 for false; NaN for everything else and for a number
     * beyond float32's greatest. A text that holds a number is no number.
     */
    static float number(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> single(decimal(parser));
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> Float.NaN;
        };
    }

    /**
     * A number's nearest double. Of up to 15 characters without an exponent, as most are, it is one division of two doubles that
     * are exact (Clinger 1990).
     */
    private static double decimal(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int end = from + parser.getTextLength();
        boolean negative = text[from] == '-';
        int first = negative ? from + 1 : from;
        if (end - first > MOST_EXACT) {
            return parser.getDoubleValue();
        }
        long digits = 0;
        int point = end - 1;
        for (int i = first; i < end; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
            } else if (text[i] == '.') {
                point = i;
            } else {
                return parser.getDoubleValue();
            }
        }
        double size = digits / POWERS_OF_TEN[end - 1 - point];
        return negative ? -size : size;
    }

    private static float single(double value) {
        // + 0 turns the negative zero into the other one, so that equal values have equal bits.
        return Math.abs(value) <= Float.MAX_VALUE ? (float) value + 0f : Float.NaN;
    }

    /** Whether the value has a text to compare or to count: a text, a number as it was written, true or false. */
    static boolean isText(JsonToken token) {
        return token.isScalarValue() && token != JsonToken.VALUE_NULL;
    }
}
