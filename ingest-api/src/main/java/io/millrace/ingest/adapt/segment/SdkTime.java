package io.millrace.ingest.adapt.segment;

import io.millrace.codec.Timestamps;
import io.millrace.ingest.adapt.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** Times as SDKs, and those who call them, write them, where it is not as {@code POST /v1/events} reads them. */
final class SdkTime {
    /** Seconds since 1970 reach it in the year 5138, milliseconds passed it in 1973. */
    private static final long LEAST_MILLIS = 100_000_000_000L;

    /** A date, with a time behind a T or a space, and an offset without its colon. */
    private static final DateTimeFormatter LOOSE = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendPattern("[XXX][XX]")
            .toFormatter();

    private SdkTime() {}

    /** Null where it can be handed on as it is, be it for a refusal. */
    static @Nullable Instant read(Value value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            // Of a year that can be written.
            return Timestamps.parse(Timestamps.format(value.isNumber() ? ofNumber(text) : ofText(text)));
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /** A whole number of seconds or milliseconds since 1970. */
    private static Instant ofNumber(String number) {
        long since = Long.parseLong(number);
        return Math.abs(since) < LEAST_MILLIS ? Instant.ofEpochSecond(since) : Instant.ofEpochMilli(since);
    }

    /** What has no offset is UTC. */
    private static Instant ofText(String text) {
        TemporalAccessor read = LOOSE.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (read instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        LocalDateTime local = read instanceof LocalDateTime time ? time : ((LocalDate) read).atStartOfDay();
        return local.toInstant(ZoneOffset.UTC);
    }
}
