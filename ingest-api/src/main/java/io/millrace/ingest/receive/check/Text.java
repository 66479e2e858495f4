package io.millrace.ingest.receive.check;

/** What no text at the door may hold, because the store and JSON itself could not give it back as it was. */
final class Text {
    static final String EXPECTED = "text without NUL and without half a surrogate pair";

    private Text() {}

    static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
