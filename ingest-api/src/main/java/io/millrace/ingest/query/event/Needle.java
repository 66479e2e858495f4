package io.millrace.ingest.query.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON text that is looked for in the bytes of records, most of which do not hold it: far cheaper than to parse them.
 *
 * <p>It is written as Millrace's codecs write texts. A record of somebody else's that escapes letters which need no escape
 * is not found.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Boyer%E2%80%93Moore%E2%80%93Horspool_algorithm">Boyer, Moore, Horspool</a>
 */
final class Needle {
    private static final int BYTES = 256;

    private final byte[] pattern;
    private final int[] skips = new int[BYTES];

    Needle(String text) {
        pattern = quoted(text);
        Arrays.fill(skips, pattern.length);
        for (int i = 0; i < pattern.length - 1; i++) {
            skips[pattern[i] & 0xFF] = pattern.length - 1 - i;
        }
    }

    boolean isIn(byte[] hay) {
        int last = pattern.length - 1;
        for (int at = 0; at + last < hay.length; at += skips[hay[at + last] & 0xFF]) {
            int i = last;
            while (i >= 0 && hay[at + i] == pattern[i]) {
                i--;
            }
            if (i < 0) {
                return true;
            }
        }
        return false;
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream quoted = new ByteArrayOutputStream();
        quoted.write('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.write('\\');
                quoted.write(point);
            } else if (point < ' ') {
                quoted.writeBytes(String.format("\\u%04x", point).getBytes(StandardCharsets.US_ASCII));
            } else {
                quoted.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        quoted.write('"');
        return quoted.toByteArray();
    }
}
