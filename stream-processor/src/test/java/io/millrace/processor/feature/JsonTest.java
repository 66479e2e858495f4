package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String DIGITS = "0123456789";

    @Test
    void number_isTheNearestFloat_ofRandomTexts() throws IOException {
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
    void number_isTheNearestFloat(String text) throws IOException {
        assertNearest(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e39", "-3.5e38", "null", "\"1\""})
    void number_isNone_ofWhatIsNoFloat(String text) throws IOException {
        assertThat(read(text)).isNaN();
    }

    private static void assertNearest(String text) throws IOException {
        assertThat(Float.floatToRawIntBits(read(text)))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits((float) Double.parseDouble(text) + 0f));
    }

    private static float read(String text) throws IOException {
        try (JsonParser parser = Json.parser(JsonObject.of("{\"a\":" + text + "}"))) {
            parser.nextToken();
            parser.nextToken();
            return Json.number(parser, parser.nextToken());
        }
    }
}
