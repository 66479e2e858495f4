package io.millrace.deadletter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dead letter's place on dead-letters, which is its identity: it never changes and no other letter has it.
 *
 * @param partition of dead-letters
 * @param offset in the partition
 */
public record LetterId(int partition, long offset) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})");

    public LetterId {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("letter " + partition + "-" + offset + ": expected nothing below 0");
        }
    }

    /** {@code partition-offset}. */
    public String text() {
        return partition + "-" + offset;
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static LetterId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("letter \"" + text + "\": expected partition-offset, such as 3-120");
        }
        return new LetterId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public String toString() {
        return text();
    }
}
