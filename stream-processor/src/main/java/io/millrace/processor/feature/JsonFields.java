package io.millrace.processor.feature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.NumberInput;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the fields of a JSON object and says what their values are for a feature. A {@link JsonObject} is well-formed: the
 * event's decoder has seen every byte of it, so this only looks for where a field ends, and reads those that are asked for.
 * What is not plain, an escape or a letter beyond ASCII, is Jackson's to read. Of a text that is not well-formed it says anything, or throws
 * an {@link IndexOutOfBoundsException}. Not thread-safe; one per walk.
 */
final class JsonFields {
    private static final JsonFactory JACKSON = new JsonFactory();

    private static final int MOST_EXACT = 15;
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** A field's name, prepared to be compared with those of an object. */
    static final class Name {
        private final String text;
        private final byte[] bytes;
        private final int hash;

        Name(String text) {
            this.text = text;
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
            this.hash = Arrays.hashCode(bytes);
        }
    }

    private final byte[] json;
    /** Of the present value. */
    private int start;
    /** Behind the present value; −1 where it is not known. */
    private int end;

    private int nameStart;
    private int nameEnd;
    private int nameHash;
    private boolean isNamePlain;

    JsonFields(JsonObject object) {
        json = object.array();
        end = object.offset() + 1;
    }

    /** Goes to the next field; false where there is none. */
    boolean next() {
        int at = space(end < 0 ? behind(start) : end);
        if (json[at] == ',') {
            at = space(at + 1);
        }
        if (json[at] == '}') {
            return false;
        }
        nameStart = at + 1;
        isNamePlain = true;
        int hash = 1;
        for (at++; json[at] != '"'; at++) {
            hash = 31 * hash + json[at];
            if (json[at] == '\\') {
                isNamePlain = false;
                at++;
            }
        }
        nameHash = hash;
        nameEnd = at;
        // Past the quote and the colon.
        start = space(space(at + 1) + 1);
        end = -1;
        return true;
    }

    boolean isNamed(Name name) {
        return isNamePlain
                ? nameHash == name.hash && Arrays.equals(json, nameStart, nameEnd, name.bytes, 0, name.bytes.length)
                : name().equals(name.text);
    }

    String name() {
        return string(nameStart, nameEnd);
    }

    /**
     * The value as a float32: a number's nearest, 1 for true, 0 for false; NaN for everything else and for a number
     * beyond float32's greatest. A text that holds a number is no number.
     */
    float number() {
        return switch (json[start]) {
            case 't' -> 1;
            case 'f' -> 0;
            default -> isNumber(start) ? single(decimal(start)) : Float.NaN;
        };
    }

    /** The value's text to compare or to count: a text, a number as it was written, true or false; null where it has none. */
    @Nullable
    String text() {
        return switch (json[start]) {
            case '"' -> {
                end = behindString(start);
                yield string(start + 1, end - 1);
            }
            case 'n', '{', '[' -> null;
            default -> {
                end = behindScalar(start);
                yield ascii(start, end);
            }
        };
    }

    /** The value's elements, of which the first so many are kept. */
    FloatVector vector(int most) {
        if (json[start] != '[') {
            return FloatVector.MALFORMED;
        }
        float[] values = new float[most];
        int size = 0;
        int at = space(start + 1);
        while (json[at] != ']') {
            float value = isNumber(at) ? single(decimal(at)) : Float.NaN;
            if (Float.isNaN(value)) {
                end = -1;
                return FloatVector.MALFORMED;
            }
            if (size < most) {
                values[size] = value;
            }
            size++;
            at = space(end);
            if (json[at] == ',') {
                at = space(at + 1);
            }
        }
        end = at + 1;
        return new FloatVector(size, values);
    }

    private boolean isNumber(int at) {
        return json[at] == '-' || (json[at] >= '0' && json[at] <= '9');
    }

    /**
     * A number's nearest double, and where it ends. Of up to 15 digits without an exponent, as most are, it is one division of two
     * doubles that are exact (Clinger 1990).
     */
    private double decimal(int from) {
        boolean negative = json[from] == '-';
        int first = negative ? from + 1 : from;
        int point = -1;
        long digits = 0;
        int at = first;
        while (true) {
            int digit = json[at] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
            } else if (json[at] == '.') {
                point = at;
            } else {
                break;
            }
            at++;
        }
        int count = at - first - (point < 0 ? 0 : 1);
        if (count > MOST_EXACT || json[at] == 'e' || json[at] == 'E') {
            end = behindScalar(from);
            return NumberInput.parseDouble(ascii(from, end), true);
        }
        end = at;
        double size = digits / POWERS_OF_TEN[point < 0 ? 0 : at - 1 - point];
        return negative ? -size : size;
    }

    private static float single(double value) {
        // + 0 turns the negative zero into the other one, so that equal values have equal bits.
        return Math.abs(value) <= Float.MAX_VALUE ? (float) value + 0f : Float.NaN;
    }

    /** What stands between two quotes. */
    private String string(int from, int to) {
        for (int at = from; at < to; at++) {
            if (json[at] < 0 || json[at] == '\\') {
                return unescaped(from - 1, to + 1);
            }
        }
        return ascii(from, to);
    }

    private String unescaped(int from, int to) {
        try (JsonParser parser = JACKSON.createParser(json, from, to - from)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new IllegalArgumentException("a JsonObject is made of well-formed JSON", e);
        }
    }

    private String ascii(int from, int to) {
        return new String(json, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private int space(int from) {
        int at = from;
        while (json[at] <= ' ' && json[at] >= 0) {
            at++;
        }
        return at;
    }

    private int behind(int from) {
        return switch (json[from]) {
            case '"' -> behindString(from);
            case '{', '[' -> behindNested(from);
            default -> behindScalar(from);
        };
    }

    private int behindString(int from) {
        int at = from + 1;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private int behindNested(int from) {
        int depth = 0;
        int at = from;
        do {
            byte next = json[at];
            if (next == '"') {
                at = behindString(at);
                continue;
            }
            if (next == '{' || next == '[') {
                depth++;
            } else if (next == '}' || next == ']') {
                depth--;
            }
            at++;
        } while (depth > 0);
        return at;
    }

    private int behindScalar(int from) {
        int at = from;
        while (json[at] > ' ' && json[at] != ',' && json[at] != '}' && json[at] != ']') {
            at++;
        }
        return at;
    }
}
