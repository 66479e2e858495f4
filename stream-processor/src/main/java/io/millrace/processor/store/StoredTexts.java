package io.millrace.processor.store;

import org.jspecify.annotations.Nullable;

/** What PostgreSQL can keep as text: no NUL, and no half of a surrogate pair, which its driver would write as a question mark. */
final class StoredTexts {
    private StoredTexts() {}

    /** Null is no text, and can be kept. */
    static boolean isStorable(@Nullable String text) {
        if (text == null) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
