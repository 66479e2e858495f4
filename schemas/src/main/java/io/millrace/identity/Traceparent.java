package io.millrace.identity;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A W3C trace context, as it travels in HTTP and Kafka headers and ends in the prediction.
 *
 * @param value {@code 00-<32 hex>-<16 hex>-<2 hex>}: version, trace, span, flags
 * @param state what other vendors carry along (tracestate), as it came; empty for nothing
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public record Traceparent(String value, String state) {
    /** The header's name, in HTTP and in Kafka. */
    public static final String HEADER = "traceparent";

    /** The name of the header with {@link #state}, in HTTP and in Kafka. */
    public static final String STATE_HEADER = "tracestate";

    /** Of a tracestate; W3C wants at least 512 to be carried. */
    private static final int LONGEST_STATE = 512;

    private static final int MOST_MEMBERS = 32;
    private static final int LENGTH = 55;
    private static final int FLAGS = 53;
    private static final int SAMPLED = 1;
    /** Sampled, and that the trace id is random: what versions 1 and 2 of the recommendation know. */
    private static final int KNOWN_FLAGS = 3;

    public Traceparent {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(state, "state");
        if (value.length() != LENGTH || !isVersionZero(value) || !isValid(value)) {
            throw new IllegalArgumentException("traceparent \"" + value + "\": expected 00-<32 hex>-<16 hex>-<2 hex>");
        }
    }

    /** Without a state. */
    public Traceparent(String value) {
        this(value, "");
    }

    /**
     * Reads a header. One of a later version is read as far as version 00 knows it, and flags that nobody has given a
     * meaning are dropped; empty where it is no trace context, which W3C says to ignore.
     */
    public static Optional<Traceparent> parse(String header) {
        return parse(header, null);
    }

    /**
     * Reads both headers; a state that is none, or too long, is dropped by itself.
     *
     * @param state null where there is none
     */
    public static Optional<Traceparent> parse(String header, @Nullable String state) {
        boolean known = header.length() == LENGTH && isVersionZero(header);
        if (!isValid(header) || (!known && !isLaterVersion(header))) {
            return Optional.empty();
        }
        int flags = HexFormat.fromHexDigits(header, FLAGS, LENGTH);
        String kept = state == null || !isState(state) ? "" : state;
        if (known && (flags & ~KNOWN_FLAGS) == 0) {
            return Optional.of(new Traceparent(header, kept));
        }
        return Optional.of(new Traceparent("00" + header.substring(2, FLAGS) + "0" + (flags & KNOWN_FLAGS), kept));
    }

    private static boolean isVersionZero(String text) {
        return text.startsWith("00-");
    }

    /** Version ff is forbidden; a later one may have more after another dash. */
    private static boolean isLaterVersion(String text) {
        return isHex(text, 0, 2, true)
                && !text.startsWith("ff")
                && (text.length() == LENGTH || text.charAt(LENGTH) == '-');
    }

    /** By hand, because it runs for every event, and regular expressions here and in Sha256 took 0.6 µs of a decode. */
    private static boolean isValid(String text) {
        return text.length() >= LENGTH
                && text.charAt(2) == '-'
                && isHex(text, 3, 35, true)
                && text.charAt(35) == '-'
                && isHex(text, 36, 52, true)
                && text.charAt(52) == '-'
                && isHex(text, FLAGS, LENGTH, false);
    }

    private static boolean isHex(String text, int from, int to, boolean notZero) {
        boolean zero = true;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
            zero &= c == '0';
        }
        return !(zero && notZero);
    }

    /** {@code key=value,…} of printable ASCII; who owns a key knows what is in its value. */
    private static boolean isState(String text) {
        if (text.isBlank() || text.length() > LONGEST_STATE) {
            return false;
        }
        String[] members = text.split(",", -1);
        if (members.length > MOST_MEMBERS) {
            return false;
        }
        for (String member : members) {
            if (!member.isBlank() && member.strip().indexOf('=') < 1) {
                return false;
            }
        }
        return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t');
    }

    /** Begins a trace that is not sampled. Not for secrets: the ids come from a fast generator. */
    public static Traceparent begin() {
        return begin(false);
    }

    /** Begins a trace. */
    public static Traceparent begin(boolean sampled) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return new Traceparent("00-" + hex.toHexDigits(random.nextLong() | 1) + hex.toHexDigits(random.nextLong()) + "-"
                + hex.toHexDigits(random.nextLong() | 1) + (sampled ? "-01" : "-00"));
    }

    /** The same trace with a new span in it. */
    public Traceparent child() {
        return withSpan(HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1));
    }

    /** The same trace with this span, of 16 hexadecimal digits. */
    public Traceparent withSpan(String span) {
        return new Traceparent(value.substring(0, 36) + span + value.substring(52), state);
    }

    /** 32 hexadecimal digits, the same on the whole path. */
    public String traceId() {
        return value.substring(3, 35);
    }

    /** 16 hexadecimal digits, of the step that wrote it. */
    public String spanId() {
        return value.substring(36, 52);
    }

    /** Whether whoever began the trace wants its spans recorded. */
    public boolean isSampled() {
        return (Character.digit(value.charAt(LENGTH - 1), 16) & SAMPLED) != 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
