package io.millrace.processor.train.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line of separated values (RFC 4180).
 *
 * @param separator between values
 */
record Csv(char separator) {
    static final Csv COMMAS = new Csv(',');

    private static final String SEPARATORS = ",;\t|";

    /** Of a file: by the separator that its first line has most of, outside quotes. */
    static Csv of(String line) {
        int[] found = new int[SEPARATORS.length()];
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            int at = SEPARATORS.indexOf(line.charAt(i));
            if (!quoted && at >= 0) {
                found[at]++;
            }
        }
        int most = 0;
        for (int i = 1; i < found.length; i++) {
            most = found[i] > found[most] ? i : most;
        }
        return new Csv(SEPARATORS.charAt(most));
    }

    /** Whether a quote that begins in the text does not end in it: the value has a line break. */
    static boolean isOpen(String text) {
        return text.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    /** @throws IllegalArgumentException if a quote is not closed */
    List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        fields.add(field.toString());
        return fields;
    }
}
