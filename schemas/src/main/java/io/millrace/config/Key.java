package io.millrace.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting: its path, type, default and documentation. docs/configuration.md is checked against these.
 *
 * @param path dotted, such as {@code ingest.http.port}; in a file it is nested, in the environment
 *     {@code MILLRACE_INGEST_HTTP_PORT}
 * @param fallback the default's text, in the same form as a given value; empty means none
 * @param expected what a value must be, as an error message says it
 * @param doc one sentence, with the unit
 * @param secret whether a value is kept out of messages
 * @param parser from text; throws {@link IllegalArgumentException} or {@link DateTimeParseException} for what it does not take
 */
public record Key<T>(String path, String fallback, String expected, String doc, boolean secret, Parser<T> parser) {
    /** From a value's text to the value. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text);
    }

    private static final Pattern SIMPLE_DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    public static Key<String> text(String path, String fallback, String doc) {
        return new Key<>(path, fallback, "a text", doc, false, text -> text);
    }

    /** A text that never shows in a message, a log or the output of a command. */
    public static Key<String> secret(String path, String fallback, String doc) {
        return new Key<>(path, fallback, "a text", doc, true, text -> text);
    }

    public static Key<Integer> integer(String path, int fallback, int least, int most, String doc) {
        return new Key<>(
                path,
                Integer.toString(fallback),
                "a whole number from " + least + " to " + most,
                doc,
                false,
                text -> within(Integer.parseInt(text), number -> number >= least && number <= most));
    }

    public static Key<Long> bytes(String path, long fallback, long least, long most, String doc) {
        return new Key<>(
                path,
                Long.toString(fallback),
                "a number of bytes from " + least + " to " + most,
                doc,
                false,
                text -> within(Long.parseLong(text), number -> number >= least && number <= most));
    }

    /** A share, from 0 for none to 1 for all. */
    public static Key<Double> ratio(String path, double fallback, String doc) {
        return new Key<>(
                path,
                Double.toString(fallback),
                "a number from 0 to 1",
                doc,
                false,
                text -> within(Double.parseDouble(text), number -> number >= 0 && number <= 1));
    }

    public static Key<Boolean> flag(String path, boolean fallback, String doc) {
        return new Key<>(path, Boolean.toString(fallback), "true or false", doc, false, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        });
    }

    public static Key<Duration> duration(String path, String fallback, String doc) {
        return new Key<>(path, fallback, "a duration such as 250ms, 5s, 10m, 24h, 30d", doc, false, Key::parseDuration);
    }

    /** One of an enum's constants, written in lower case with dashes. */
    public static <E extends Enum<E>> Key<E> choice(String path, E fallback, Class<E> type, String doc) {
        StringBuilder expected = new StringBuilder();
        for (E constant : type.getEnumConstants()) {
            expected.append(expected.isEmpty() ? "" : ", ").append(dashed(constant));
        }
        return new Key<>(
                path,
                dashed(fallback),
                "one of " + expected,
                doc,
                false,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    /** The environment variable that sets it. */
    public String variable() {
        return "MILLRACE_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * Reads {@code 250ms}, {@code 5s}, {@code 10m}, {@code 24h}, {@code 30d} or an ISO 8601 duration.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Duration parseDuration(String text) {
        Matcher simple = SIMPLE_DURATION.matcher(text);
        if (simple.matches()) {
            return simple(Long.parseLong(simple.group(1)), simple.group(2));
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Duration simple(long amount, String unit) {
        try {
            return switch (unit) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(amount + unit, e);
        }
    }

    private static <N> N within(N number, Predicate<N> bounds) {
        if (!bounds.test(number)) {
            throw new IllegalArgumentException(number.toString());
        }
        return number;
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
