package io.millrace.codec;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.millrace.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON text into a growing array. Jackson's generator cannot take a slice of UTF-8 as a value, and that is most
 * of an event; with names prepared as bytes the rest is copying too. Not thread-safe; one per text.
 */
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final int[] POWERS_OF_TEN = {1, 10, 100, 1000};
    /** Less is written with an exponent. */
    private static final float LEAST_SHORT = 1e-3f;

    private static final float MOST_SHORT = 1e6f;

    private byte[] bytes;
    private int length;

    /** Begins with room for about so many bytes. */
    JsonWriter(int expected) {
        bytes = new byte[expected];
    }

    /** A field's name with its quotes and colon, and the comma or brace before it. */
    static byte[] name(String text) {
        return (text + ":").getBytes(StandardCharsets.US_ASCII);
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    JsonObject toJsonObject() {
        return JsonObject.of(bytes, 0, length);
    }

    void raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void text(byte[] name, String value) {
        raw(name);
        text(value);
    }

    void optional(byte[] name, @Nullable String value) {
        if (value != null) {
            text(name, value);
        }
    }

    void object(byte[] name, JsonObject value) {
        raw(name);
        reserve(value.length());
        System.arraycopy(value.array(), value.offset(), bytes, length, value.length());
        length += value.length();
    }

    void instant(byte[] name, Instant value) {
        raw(name);
        if (Timestamps.isOrdinary(value.toEpochMilli())) {
            reserve(Timestamps.LENGTH + 2);
            bytes[length++] = '"';
            length = Timestamps.write(value, bytes, length);
            bytes[length++] = '"';
        } else {
            text(Timestamps.format(value));
        }
    }

    void number(byte[] name, long value) {
        raw(name);
        reserve(20);
        length = NumberOutput.outputLong(value, bytes, length);
    }

    /** The shortest text that reads back as the same float32, the same on every JDK; whole numbers without a fraction. */
    void number(float value) {
        int whole = (int) value;
        if (whole == value && Math.abs(value) < 1e7f && (whole != 0 || Float.floatToRawIntBits(value) == 0)) {
            reserve(11);
            length = NumberOutput.outputInt(whole, bytes, length);
        } else if (shortDecimal(value)) {
            return;
        } else if (Float.isFinite(value)) {
            // Float.toString before JDK 19 is not always the shortest.
            String text = NumberOutput.toString(value, true);
            reserve(text.length());
            for (int i = 0; i < text.length(); i++) {
                bytes[length++] = (byte) text.charAt(i);
            }
        } else {
            throw new IllegalArgumentException(value + ": expected a finite number");
        }
    }

    /**
     * Writes a number that has one to three decimals, as prices and rounded measurements do, without a search for the shortest
     * text; otherwise nothing. Whole / 10ⁿ is as a double never so near to the middle between two float32 that rounding twice would tell.
     */
    private boolean shortDecimal(float value) {
        float size = Math.abs(value);
        if (!(size >= LEAST_SHORT && size < MOST_SHORT)) {
            return false;
        }
        for (int decimals = 1; decimals < POWERS_OF_TEN.length; decimals++) {
            int power = POWERS_OF_TEN[decimals];
            int digits = (int) Math.rint((double) size * power);
            if ((float) ((double) digits / power) == size) {
                reserve(12);
                if (value < 0) {
                    bytes[length++] = '-';
                }
                length = NumberOutput.outputInt(digits / power, bytes, length);
                bytes[length++] = '.';
                int rest = digits % power;
                for (int place = power / 10; place > 0; place /= 10) {
                    bytes[length++] = (byte) ('0' + rest / place % 10);
                }
                return true;
            }
        }
        return false;
    }

    void text(String value) {
        int count = value.length();
        reserve(count + 2);
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        int i = 0;
        while (i < count) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            to[at++] = (byte) c;
            i++;
        }
        length = at;
        if (i < count) {
            escaped(value, i);
        }
        bytes[length++] = '"';
    }

    /** The rest of a text from its first character that is not plain ASCII. */
    private void escaped(String value, int from) {
        int count = value.length();
        // An escape is the longest that one character becomes; the quote comes after.
        reserve(6 * (count - from) + 1);
        byte[] to = bytes;
        int at = length;
        for (int i = from; i < count; i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                to[at++] = (byte) c;
            } else {
                at = special(value, i, to, at);
                if (isPair(value, i)) {
                    i++;
                }
            }
        }
        length = at;
    }

    private static int special(String value, int i, byte[] to, int start) {
        char c = value.charAt(i);
        int at = start;
        if (c == '"' || c == '\\') {
            to[at++] = '\\';
            to[at++] = (byte) c;
        } else if (c < ' ' || (Character.isSurrogate(c) && !isPair(value, i))) {
            to[at++] = '\\';
            to[at++] = 'u';
            for (int shift = 12; shift >= 0; shift -= 4) {
                to[at++] = HEX[(c >> shift) & 0xF];
            }
        } else if (c < 0x800) {
            to[at++] = (byte) (0xC0 | (c >> 6));
            to[at++] = (byte) (0x80 | (c & 0x3F));
        } else if (!Character.isSurrogate(c)) {
            to[at++] = (byte) (0xE0 | (c >> 12));
            to[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            to[at++] = (byte) (0x80 | (c & 0x3F));
        } else {
            int point = Character.toCodePoint(c, value.charAt(i + 1));
            to[at++] = (byte) (0xF0 | (point >> 18));
            to[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
            to[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
            to[at++] = (byte) (0x80 | (point & 0x3F));
        }
        return at;
    }

    private static boolean isPair(String value, int i) {
        return i + 1 < value.length() && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
