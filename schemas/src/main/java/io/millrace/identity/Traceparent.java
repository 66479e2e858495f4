package io.millrace.identity;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A W3C trace context, as it travels in HTTP and Kafka headers and ends in the prediction.
 *
 * @param value {@code 00-<32 hex>-<16 hex>-<2 hex>}
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
public record Traceparent(String value) {
    /** The header's name, in HTTP and in Kafka. */
    public static final String HEADER = "traceparent";

    private static final Pattern SHAPE = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    public Traceparent {
        Objects.requireNonNull(value, "value");
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("traceparent \"" + value + "\": expected 00-<32 hex>-<16 hex>-<2 hex>");
        }
    }

    /** Reads a header; empty where it is no trace context of version 00, which W3C says to ignore. */
    public static Optional<Traceparent> parse(String header) {
        return SHAPE.matcher(header).matches() ? Optional.of(new Traceparent(header)) : Optional.empty();
    }

    /** Begins a trace that is not sampled. Not for secrets: the ids come from a fast generator. */
    public static Traceparent begin() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return new Traceparent("00-" + hex.toHexDigits(random.nextLong() | 1) + hex.toHexDigits(random.nextLong()) + "-"
                + hex.toHexDigits(random.nextLong() | 1) + "-00");
    }

    @Override
    public String toString() {
        return value;
    }
}
