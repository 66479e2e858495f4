package io.millrace.ingest.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextScanTest {
    private static final byte[] INTERESTING = {
        'a',
        '"',
        (byte) 0x7F,
        (byte) 0x80,
        (byte) 0xBF,
        (byte) 0xC0,
        (byte) 0xC2,
        (byte) 0xDF,
        (byte) 0xE0,
        (byte) 0xA0,
        (byte) 0xED,
        (byte) 0x9F,
        (byte) 0xEF,
        (byte) 0xF0,
        (byte) 0x90,
        (byte) 0xF4,
        (byte) 0x8F,
        (byte) 0xF5,
        (byte) 0xFF
    };

    @Test
    void agreesWithJavasDecoder_onRandomBytes() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(8)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = INTERESTING[random.nextInt(INTERESTING.length)];
            }

            TextScan scan = TextScan.of(bytes);

            assertThat(scan.firstFlaw(0, bytes.length).isEmpty())
                    .as(() -> HexFormat.of().formatHex(bytes))
                    .isEqualTo(isUtf8(bytes));
            assertThat(isUtf8(scan.readable())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\u0000",
                "\\ud800",
                "\\uDC00",
                "\\ud83d\\ud83d",
                "\\ud83dx",
                "\\\\\\u0000",
                "a\\uD83D\\n",
                "\\ud83d\\u0041"
            })
    void refuses_whenEscapeCannotBeKept(String text) {
        assertThat(TextScan.of(text.getBytes(StandardCharsets.UTF_8)).firstFlaw(0, text.length()))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.INVALID_CHARACTER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\\\u0000", "\\ud83d\\uDE00", "\\u0041", "\\\\\\\\ud800", "\\n", "\\", "\\u00", "\\uzzzz", "😀"
            })
    void takes_whenEscapeIsACharacterOrTheParsersToRefuse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(TextScan.of(bytes).firstFlaw(0, bytes.length)).isEmpty();
    }

    @Test
    void findsAFlawOnlyInItsOwnSlice() {
        byte[] bytes = "aaaa\\u0000bbbb\\ud800cccc".getBytes(StandardCharsets.UTF_8);
        TextScan scan = TextScan.of(bytes);

        assertThat(scan.firstFlaw(0, 4)).isEmpty();
        assertThat(scan.firstFlaw(4, 5)).isPresent();
        assertThat(scan.firstFlaw(10, 14)).isEmpty();
        assertThat(scan.firstFlaw(10, bytes.length)).isPresent();
        assertThat(scan.firstFlaw(20, bytes.length)).isEmpty();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
