package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void number_isTheShortestText_ofRandomBits() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                assertShortest(value);
            }
        }
    }

    @Test
    void number_isTheShortestText_ofUsualSizes() {
        Random random = new Random(2);
        for (int i = 0; i < 1_000_000; i++) {
            assertShortest((float) (random.nextGaussian() * Math.pow(10, random.nextInt(10) - 3)));
        }
    }

    @Test
    void number_isTheShortestText_ofFewDecimals_andOfTheirNeighbours() {
        for (int digits = 1; digits < 1_200_000; digits++) {
            float value = digits / 1000f;
            assertShortest(value);
            assertShortest(-Math.nextUp(value));
            assertShortest(Math.nextDown(value));
        }
    }

    private static void assertShortest(float value) {
        String text = NumberOutput.toString(value, true);
        // Whole numbers without a fraction, where no exponent is needed.
        String expected = Math.abs(value) < 1e7f && text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        String found = InputsJson.number(value);
        // An assertion for each of millions takes longer than all else.
        if (!found.equals(expected)) {
            assertThat(found).isEqualTo(expected);
        }
    }
}
