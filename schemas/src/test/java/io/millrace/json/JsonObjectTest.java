package io.millrace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonObjectTest {
    private static final byte[] RECORD = "{\"a\":{\"b\":1},\"c\":{}}".getBytes(UTF_8);

    @Test
    void slices_areEqual_whenTheirBytesAre_whereverTheyLie() {
        JsonObject slice = JsonObject.of(RECORD, 5, 7);

        assertThat(slice)
                .isEqualTo(JsonObject.of("{\"b\":1}"))
                .hasSameHashCodeAs(JsonObject.of("{\"b\":1}"))
                .hasToString("{\"b\":1}")
                .isNotEqualTo(JsonObject.of("{\"b\":2}"))
                .isNotEqualTo(JsonObject.EMPTY);
        assertThat(JsonObject.of(RECORD, 17, 2)).isEqualTo(JsonObject.EMPTY);
        assertThat(JsonObject.of(RECORD, 17, 2).isEmpty()).isTrue();
    }

    @Test
    void of_refuses_whatIsNotBetweenBraces() {
        assertThatThrownBy(() -> JsonObject.of("[1]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonObject.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonObject.of(RECORD, 5, 6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonObject.of(RECORD, 5, 99)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
