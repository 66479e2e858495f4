package io.millrace.ingest.outcome;

import io.millrace.deadletter.Reason;
import java.util.Objects;

/**
 * Why one event, or a body that could not be read as events, was refused. Never worth a retry: the same bytes are
 * refused again.
 *
 * @param reason the stable code
 * @param detail one sentence: what, the value, what was expected
 */
public record Refusal(Reason reason, String detail) {
    private static final int MAX_SHOWN = 60;

    public Refusal {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
    }

    /**
     * Puts the sentence together.
     *
     * @param what the field, or "the event"
     * @param given the value, which is shortened here
     * @param expected what it should have been
     */
    public static Refusal of(Reason reason, String what, String given, String expected) {
        return new Refusal(reason, what + ": given " + shorten(given) + ", expected " + expected);
    }

    /** At most {@value #MAX_SHOWN} characters, none of them a control character or half a pair: safe in any log or answer. */
    public static String shorten(String value) {
        StringBuilder shown = new StringBuilder(Math.min(value.length(), MAX_SHOWN) + 1);
        for (int i = 0; i < value.length() && shown.length() < MAX_SHOWN; i++) {
            char c = value.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return value.length() > MAX_SHOWN ? shown.append('…').toString() : shown.toString();
    }
}
