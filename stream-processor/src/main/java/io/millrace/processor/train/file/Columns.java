package io.millrace.processor.train.file;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What in somebody's file makes an event: which column (of NDJSON: which field, with dots into objects) is the user, which
 * the time, and which the event's name. All other columns are the event's properties, under their own names.
 *
 * @param user column of the user; a row without one is no event
 * @param time column of the time: ISO 8601, with UTC where it tells no offset, or seconds, milli-, micro- or nanoseconds
 *     since 1970, told apart by their size
 * @param name column of the event's name; null: every event is {@value #UNNAMED}
 * @param timePattern of times of another form, as {@link DateTimeFormatter} has them; or null
 * @param header the columns of a CSV without a first line that names them; or null
 */
public record Columns(
        String user,
        String time,
        @Nullable String name,
        @Nullable String timePattern,
        @Nullable List<String> header) {
    /** The name of events that have none of their own. */
    static final String UNNAMED = "event";

    private static final Set<String> KEYS = Set.of("user", "time", "name", "timePattern");
    private static final Pattern EPOCH = Pattern.compile("\\d+(\\.\\d+)?([eE]\\+?\\d{1,3})?");
    /** Seconds have at most 11 digits until the year 5138; each finer unit three more. */
    private static final BigDecimal LARGEST_SECONDS = new BigDecimal("1e11");

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .optionalStart()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalEnd()
            .appendPattern("[' ']['UTC']['GMT'][XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    public Columns {
        header = header == null ? null : List.copyOf(header);
        if (user.isBlank() || time.isBlank()) {
            throw new IllegalArgumentException("columns: expected user and time, the columns that hold them");
        }
        if (timePattern != null) {
            formatter(timePattern);
        }
    }

    /**
     * As a command line gives them: {@code user=…,time=…,name=…,timePattern=…}.
     *
     * @throws IllegalArgumentException if a key is not known or user or time is missing
     */
    public static Columns of(Map<String, String> keys) {
        for (String key : new TreeSet<>(keys.keySet())) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "columns: given " + key + ", expected some of " + new TreeSet<>(KEYS));
            }
        }
        return new Columns(
                Objects.requireNonNullElse(keys.get("user"), ""),
                Objects.requireNonNullElse(keys.get("time"), ""),
                keys.get("name"),
                keys.get("timePattern"),
                null);
    }

    /** The columns that each row must have. */
    public List<String> needed() {
        return name == null ? List.of(user, time) : List.of(user, time, name);
    }

    /** Whether a column is something else than a property. */
    boolean has(String column) {
        return needed().contains(column);
    }

    /**
     * Reads a time.
     *
     * @throws DateTimeException if it is none
     */
    Instant instant(String text) {
        try {
            return timePattern != null
                    ? instant(formatter(timePattern).parse(text))
                    : EPOCH.matcher(text).matches() ? sinceEpoch(new BigDecimal(text)) : instant(ISO.parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw new DateTimeException(
                    time + " \"" + text + "\": expected "
                            + (timePattern != null
                                    ? "a time as " + timePattern
                                    : "a time as 2026-01-31T12:00:00Z or since 1970, or columns.timePattern"),
                    e);
        }
    }

    private static Instant sinceEpoch(BigDecimal number) {
        BigDecimal seconds = number;
        for (int unit = 0; unit < 3 && seconds.compareTo(LARGEST_SECONDS) >= 0; unit++) {
            seconds = seconds.movePointLeft(3);
        }
        return Instant.ofEpochMilli(
                seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact());
    }

    private static Instant instant(TemporalAccessor parsed) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            throw new DateTimeException("no date");
        }
        LocalTime timeOfDay = parsed.query(TemporalQueries.localTime());
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return date.atTime(timeOfDay == null ? LocalTime.MIDNIGHT : timeOfDay)
                .atZone(zone == null ? ZoneOffset.UTC : zone)
                .toInstant();
    }

    private static DateTimeFormatter formatter(String pattern) {
        try {
            return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "columns.timePattern: given \"" + pattern + "\", expected a pattern such as dd/MM/yyyy HH:mm", e);
        }
    }
}
