package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
    private static final JsonFactory JACKSON = new JsonFactory();
    private static final String DIGITS = "0123456789";
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "7",
            "-12",
            "0.25",
            "19.99",
            "1e3",
            "-2.5E-3",
            "1e39",
            "123456789012345678",
            "0.12345678901234567",
            "1234567890.12345");
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "price",
            "é",
            "ß€",
            "😀",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u00e9",
            "\\ud83d\\ude00",
            "{",
            "]",
            ",",
            ":",
            " ");
    private static final List<String> SPACES = List.of("", "", "", " ", "\n\t", " \r ");

    @Test
    void number_isTheNearestFloat_ofRandomTexts() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
            int whole = random.nextInt(12);
            text.append(whole == 0 ? "0" : DIGITS.charAt(1 + random.nextInt(9)));
            for (int digit = 1; digit < whole; digit++) {
                text.append(DIGITS.charAt(random.nextInt(10)));
            }
            int decimals = random.nextInt(9);
            for (int digit = 0; digit < decimals; digit++) {
                text.append(digit == 0 ? "." : "").append(DIGITS.charAt(random.nextInt(10)));
            }

            assertNearest(text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "1",
                "0.1",
                "16777217",
                "16777217.5",
                "123456789012345",
                "1234567890123456",
                "9007199254740993",
                "0.00000000000001",
                "1e3",
                "-1.5E-3",
                "3.4028234e38",
                "123456789.123456789123456789"
            })
    void number_isTheNearestFloat(String text) {
        assertNearest(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e39", "-3.5e38", "null", "\"1\""})
    void number_isNone_ofWhatIsNoFloat(String text) {
        assertThat(read(text)).isNaN();
    }

    private static void assertNearest(String text) {
        assertThat(Float.floatToRawIntBits(read(text)))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits((float) Double.parseDouble(text) + 0f));
    }

    private static float read(String text) {
        return first("{\"a\":" + text + "}").number();
    }

    private static JsonFields first(String json) {
        JsonFields fields = new JsonFields(JsonObject.of(json));
        assertThat(fields.next()).isTrue();
        return fields;
    }

    @Test
    void walk_says_whatAParserSays() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            String text = object(random, 0);
            // As in a record: something stands before and after it.
            byte[] bytes = ("{\"é\":" + text + ",\"z\":1}").getBytes(StandardCharsets.UTF_8);
            int from = "{\"é\":".getBytes(StandardCharsets.UTF_8).length;
            JsonFields fields =
                    new JsonFields(JsonObject.of(bytes, from, text.getBytes(StandardCharsets.UTF_8).length));
            try (JsonParser parser = JACKSON.createParser(text)) {
                parser.nextToken();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    assertThat(fields.next()).as(text).isTrue();
                    JsonToken token = parser.nextToken();
                    assertThat(fields.name()).as(text).isEqualTo(name);
                    assertThat(fields.isNamed(new JsonFields.Name(name)))
                            .as(text)
                            .isTrue();
                    assertThat(fields.isNamed(new JsonFields.Name(name + "x"))).isFalse();
                    // Any of them may be asked for, none too.
                    if (random.nextBoolean()) {
                        assertThat(fields.number()).as(text).isEqualTo(Float.valueOf(number(parser, token)));
                    }
                    if (random.nextBoolean()) {
                        boolean isText = token.isScalarValue() && token != JsonToken.VALUE_NULL;
                        assertThat(fields.text()).as(text).isEqualTo(isText ? parser.getText() : null);
                    }
                    if (random.nextBoolean()) {
                        assertVector(fields.vector(3), vector(parser, token));
                    }
                    parser.skipChildren();
                }
                assertThat(fields.next()).as(text).isFalse();
            }
        }
    }

    @Test
    void vector_keepsTheFirst_andCountsAll() {
        assertVector(first("{\"a\":[ 1, -2.5 ,3e0,4]}").vector(3), new FloatVector(4, new float[] {1, -2.5f, 3}));
        assertVector(first("{\"a\":[]}").vector(2), new FloatVector(0, new float[2]));
        assertVector(first("{\"a\":[1]}").vector(0), new FloatVector(1, new float[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[1,true]", "[1,null]", "[\"1\"]", "[[1]]", "[1,{\"b\":[2]}]", "[1e39]"})
    void vector_isMalformed_ofWhatIsNoneOfFloats(String text) {
        JsonFields fields = first("{\"a\":" + text + ",\"b\":7}");

        assertThat(fields.vector(2)).isSameAs(FloatVector.MALFORMED);

        assertThat(fields.next()).isTrue();
        assertThat(fields.name()).isEqualTo("b");
        assertThat(fields.number()).isEqualTo(7);
        assertThat(fields.next()).isFalse();
    }

    private static void assertVector(FloatVector actual, FloatVector expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        assertThat(actual.values()).isEqualTo(expected.values());
    }

    private static float number(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                double value = Double.parseDouble(parser.getText());
                yield Math.abs(value) <= Float.MAX_VALUE ? (float) value + 0f : Float.NaN;
            }
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> Float.NaN;
        };
    }

    /** Of an array without arrays or objects in it, so that the parser stands at its end. */
    private static FloatVector vector(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            return FloatVector.MALFORMED;
        }
        float[] values = new float[3];
        int size = 0;
        boolean malformed = false;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            float value = next.isNumeric() ? number(parser, next) : Float.NaN;
            malformed |= Float.isNaN(value);
            if (size < values.length) {
                values[size] = value;
            }
            size++;
            parser.skipChildren();
        }
        return malformed ? FloatVector.MALFORMED : new FloatVector(size, values);
    }

    private static String object(Random random, int depth) {
        StringJoiner fields =
                new StringJoiner(space(random) + "," + space(random), "{" + space(random), space(random) + "}");
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            fields.add(text(random) + space(random) + ":" + space(random) + value(random, depth + 1));
        }
        return fields.toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 8)) {
            case 0 -> "true";
            case 1 -> "false";
            case 2 -> "null";
            case 3, 4 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 5 -> text(random);
            case 6 -> object(random, depth);
            default -> array(random, depth);
        };
    }

    private static String array(Random random, int depth) {
        StringJoiner values =
                new StringJoiner(space(random) + "," + space(random), "[" + space(random), space(random) + "]");
        boolean numbers = random.nextInt(4) > 0;
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            values.add(numbers ? NUMBERS.get(random.nextInt(NUMBERS.size())) : value(random, depth + 1));
        }
        return values.toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("\"");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.append('"').toString();
    }

    private static String space(Random random) {
        return SPACES.get(random.nextInt(SPACES.size()));
    }
}
