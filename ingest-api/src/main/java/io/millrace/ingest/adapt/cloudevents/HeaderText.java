package io.millrace.ingest.adapt.cloudevents;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a header of the binary mode says: HTTP protocol binding 1.0.2, section 3.1.3.2. */
final class HeaderText {
    private HeaderText() {}

    /**
     * Unescapes a quoted string, then decodes percent signs once. Not every SDK encodes: a percent sign without two
     * hexadecimal digits stands for itself, and plain bytes that are no UTF-8 are ISO-8859-1, as Node sends them.
     *
     * @param header a character for each byte, as HTTP has it
     * @return null where encoded bytes are no UTF-8
     */
    static @Nullable String decode(String header) {
        String text = unquoted(header.trim());
        boolean isEncoded = false;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                bytes.write(high << 4 | low);
                isEncoded |= high > 7;
                i += 2;
            } else if (c <= 0xFF) {
                bytes.write(c);
            } else {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return isEncoded ? null : bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** RFC 7230, 3.2.6; senders of earlier versions of the binding quote what has spaces. */
    private static String unquoted(String text) {
        if (text.length() < 2 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 1; i < text.length() - 1; i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length() - 1) {
                i++;
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }
}
