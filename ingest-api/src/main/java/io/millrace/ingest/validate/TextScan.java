package io.millrace.ingest.validate;

import io.millrace.deadletter.Reason;
import io.millrace.ingest.outcome.Refusal;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds what a JSON parser lets through and the store cannot keep: bytes that are no UTF-8 (RFC 3629), NUL, and half
 * surrogate pairs, plain or escaped. One pass over a body, before it is parsed, because a parser that skips a value does
 * not look into it. Backslashes occur in JSON only inside strings, so the scan needs no grammar.
 *
 * <p>A flaw belongs to the event that holds it: the rest of the body stays readable through {@link #readable()}, where
 * flawed bytes are question marks.
 */
public final class TextScan {
    private static final int NUL = 0;
    private static final int UTF8 = 1;
    private static final int SURROGATE = 2;

    private final byte[] body;
    private byte[] readable;
    /** Position times four plus the kind of flaw, ascending. */
    private int[] flaws = {};

    private int count;

    private TextScan(byte[] body) {
        this.body = body;
        this.readable = body;
    }

    public static TextScan of(byte[] body) {
        TextScan scan = new TextScan(body);
        scan.run();
        return scan;
    }

    /** The body itself where no byte is flawed, else a copy of the same length. */
    public byte[] readable() {
        return readable;
    }

    /** The first flaw in a slice of the body. */
    public Optional<Refusal> firstFlaw(int from, int to) {
        if (count == 0) {
            return Optional.empty();
        }
        int at = Arrays.binarySearch(flaws, 0, count, from << 2);
        int first = at < 0 ? -at - 1 : at;
        if (first >= count || flaws[first] >> 2 >= to) {
            return Optional.empty();
        }
        int position = flaws[first] >> 2;
        String where = "the text at byte " + (position - from);
        return Optional.of(
                switch (flaws[first] & 3) {
                    case NUL ->
                        Refusal.of(Reason.INVALID_CHARACTER, where, "NUL", "characters that a database can keep");
                    case SURROGATE ->
                        Refusal.of(Reason.INVALID_CHARACTER, where, "half a surrogate pair", "whole characters");
                    default ->
                        Refusal.of(
                                Reason.INVALID_UTF8,
                                where,
                                "byte 0x%02X".formatted(body[position]),
                                "UTF-8 (RFC 3629)");
                });
    }

    private void run() {
        int i = 0;
        int length = body.length;
        while (i < length) {
            byte b = body[i];
            if (b > 0 && b != '\\') {
                i++;
            } else if (b == '\\') {
                i = escape(i);
            } else if (b == 0) {
                flaw(i, NUL);
                mask(i++);
            } else {
                int next = character(i);
                if (next < 0) {
                    flaw(i, UTF8);
                    mask(i++);
                } else {
                    i = next;
                }
            }
        }
    }

    /** The position after the escape that begins at {@code at}. */
    private int escape(int at) {
        if (at + 1 >= body.length || body[at + 1] != 'u') {
            return at + 2;
        }
        int unit = unit(at);
        if (unit == 0) {
            flaw(at, NUL);
        } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
            flaw(at, SURROGATE);
        } else if (unit >= 0xD800 && unit <= 0xDBFF) {
            int low = unit(at + 6);
            if (low < 0xDC00 || low > 0xDFFF) {
                flaw(at, SURROGATE);
                return at + 6;
            }
            return at + 12;
        }
        // What is not four hexadecimal digits is the parser's to refuse.
        return at + 2;
    }

    /** The UTF-16 unit of the escape at {@code at}; negative where there is none. */
    private int unit(int at) {
        if (at + 6 > body.length || body[at] != '\\' || body[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            unit = (unit << 4) | Character.digit(body[i], 16);
        }
        return unit;
    }

    /** The position after the multi-byte character at {@code at}; negative where it is no UTF-8. */
    private int character(int at) {
        int first = body[at] & 0xFF;
        if (first >= 0xC2 && first <= 0xDF) {
            return continues(at + 1, 0x80, 0xBF) ? at + 2 : -1;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            int least = first == 0xE0 ? 0xA0 : 0x80; // below is an overlong form
            int most = first == 0xED ? 0x9F : 0xBF; // above is a surrogate
            return continues(at + 1, least, most) && continues(at + 2, 0x80, 0xBF) ? at + 3 : -1;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            int least = first == 0xF0 ? 0x90 : 0x80;
            int most = first == 0xF4 ? 0x8F : 0xBF; // above is beyond U+10FFFF
            return continues(at + 1, least, most) && continues(at + 2, 0x80, 0xBF) && continues(at + 3, 0x80, 0xBF)
                    ? at + 4
                    : -1;
        }
        return -1;
    }

    private boolean continues(int at, int least, int most) {
        return at < body.length && (body[at] & 0xFF) >= least && (body[at] & 0xFF) <= most;
    }

    private void mask(int at) {
        if (readable == body) {
            readable = body.clone();
        }
        readable[at] = '?';
    }

    private void flaw(int at, int kind) {
        if (count == flaws.length) {
            flaws = Arrays.copyOf(flaws, Math.max(8, count * 2));
        }
        flaws[count++] = (at << 2) | kind;
    }
}
