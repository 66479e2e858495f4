package io.millrace.codec;

import io.millrace.deadletter.Reason;

/** What a text that ends in the store must be. The door refuses others; a record that came past the door is refused here. */
final class StoredText {
    private StoredText() {}

    /** Checks that it has 1 to so many characters, no NUL and no half of a surrogate pair, which PostgreSQL cannot keep. */
    static void check(String field, String text, int longest) throws DecodeException {
        if (text.isEmpty() || text.length() > longest) {
            throw new DecodeException(
                    text.isEmpty() ? Reason.EMPTY_TEXT : Reason.TOO_LONG,
                    field + " of " + text.length() + " characters: expected 1 to " + longest);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                if (c == 0 || i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(++i))) {
                    throw new DecodeException(
                            Reason.INVALID_CHARACTER,
                            field + " holds U+"
                                    + Integer.toHexString(c | 0x10000).substring(1)
                                    + ": expected no NUL and no half of a surrogate pair");
                }
            }
        }
    }
}
