package io.millrace.identity;

import java.util.Objects;

/**
 * The producer an event came from, decided by its credential and never by the event's body.
 *
 * @param name 1 to 64 characters of {@code a-z 0-9 _ -}, beginning with a letter or digit; so it never holds the
 *     separators of {@link UserKey}
 */
public record Source(String name) implements Comparable<Source> {
    public static final int MAX_LENGTH = 64;

    public Source {
        Objects.requireNonNull(name, "name");
        if (!isValid(name)) {
            throw new IllegalArgumentException("source \"" + name + "\": expected 1 to " + MAX_LENGTH
                    + " characters of a-z, 0-9, _ and -, beginning with a letter or digit");
        }
    }

    public static boolean isValid(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (i == 0 || (c != '_' && c != '-'))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Source other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
