package io.millrace.codec;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Instants as text: written {@code 2019-10-01T00:00:00.000Z}, always with milliseconds and Z; read with any ISO 8601
 * offset and any fraction, which is cut to milliseconds. Years are 0000 to 9999.
 *
 * <p>java.time's formatters take over a microsecond for each; an event has up to four times. So the written form has its own way
 * in and out, and everything else goes to java.time.
 */
public final class Timestamps {
    /** Characters of the written form, for the years 0000 to 9999. */
    static final int LENGTH = 24;

    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final long UNREADABLE = Long.MIN_VALUE;

    private static final DateTimeFormatter WRITTEN =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final DateTimeFormatter COLON = withOffset("+HH:mm");
    private static final DateTimeFormatter NO_COLON = withOffset("+HHmm");

    private Timestamps() {}

    public static String format(Instant instant) {
        byte[] text = new byte[LENGTH];
        return isOrdinary(instant.toEpochMilli())
                ? new String(text, 0, write(instant, text, 0), java.nio.charset.StandardCharsets.ISO_8859_1)
                : WRITTEN.format(instant);
    }

    /**
     * Reads an ISO 8601 date, time and offset.
     *
     * @throws DateTimeParseException if it is none
     */
    public static Instant parse(String text) {
        int length = text.length();
        if (length == LENGTH) {
            char[] characters = text.toCharArray();
            return parse(characters, 0, LENGTH);
        }
        return parseSlow(text);
    }

    /** Reads a slice, so that a parser's buffer needs no string. */
    static Instant parse(char[] text, int offset, int length) {
        long millis = length == LENGTH ? parseWritten(text, offset) : UNREADABLE;
        return millis == UNREADABLE ? parseSlow(new String(text, offset, length)) : Instant.ofEpochMilli(millis);
    }

    static boolean isOrdinary(long epochMillis) {
        return epochMillis >= FIRST && epochMillis <= LAST;
    }

    /** Writes an instant of the years 0000 to 9999; returns the position after it. */
    static int write(Instant instant, byte[] to, int at) {
        long millis = instant.toEpochMilli();
        long day = Math.floorDiv(millis, MILLIS_PER_DAY);
        int rest = (int) (millis - day * MILLIS_PER_DAY);
        // The civil calendar from a day number, with years that begin in March so that the leap day is the last:
        // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
        long shifted = day + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        two(year / 100, to, at);
        two(year % 100, to, at + 2);
        to[at + 4] = '-';
        two(month, to, at + 5);
        to[at + 7] = '-';
        two(dayOfYear - (153 * marchMonth + 2) / 5 + 1, to, at + 8);
        to[at + 10] = 'T';
        two(rest / 3_600_000, to, at + 11);
        to[at + 13] = ':';
        two(rest / 60_000 % 60, to, at + 14);
        to[at + 16] = ':';
        two(rest / 1_000 % 60, to, at + 17);
        to[at + 19] = '.';
        to[at + 20] = (byte) ('0' + rest / 100 % 10);
        two(rest % 100, to, at + 21);
        to[at + 23] = 'Z';
        return at + LENGTH;
    }

    private static void two(int value, byte[] to, int at) {
        to[at] = (byte) ('0' + value / 10);
        to[at + 1] = (byte) ('0' + value % 10);
    }

    private static long parseWritten(char[] text, int at) {
        if (text[at + 4] != '-'
                || text[at + 7] != '-'
                || text[at + 10] != 'T'
                || text[at + 13] != ':'
                || text[at + 16] != ':'
                || text[at + 19] != '.'
                || text[at + 23] != 'Z') {
            return UNREADABLE;
        }
        int century = two(text, at);
        int yearOfCentury = two(text, at + 2);
        int month = two(text, at + 5);
        int day = two(text, at + 8);
        int hour = two(text, at + 11);
        int minute = two(text, at + 14);
        int second = two(text, at + 17);
        int tenth = text[at + 20] - '0';
        int hundredths = two(text, at + 21);
        // A part that is no number is negative, and makes this negative. Days over 28 are java.time's to judge, as
        // seldom.
        if ((century | yearOfCentury | month | day | hour | minute | second | tenth | hundredths) < 0
                || tenth > 9
                || hour > 23
                || minute > 59
                || second > 59
                || month < 1
                || month > 12
                || day < 1
                || (day > 28
                        && day
                                > java.time.YearMonth.of(century * 100 + yearOfCentury, month)
                                        .lengthOfMonth())) {
            return UNREADABLE;
        }
        long year = century * 100L + yearOfCentury - (month <= 2 ? 1 : 0);
        long era = Math.floorDiv(year, 400L);
        long yearOfEra = year - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long epochDay = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
        int millisOfDay = ((hour * 60 + minute) * 60 + second) * 1_000 + tenth * 100 + hundredths;
        return epochDay * MILLIS_PER_DAY + millisOfDay;
    }

    private static int two(char[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static Instant parseSlow(String text) {
        Instant instant;
        try {
            instant = OffsetDateTime.parse(text, COLON).toInstant();
        } catch (DateTimeParseException e) {
            instant = OffsetDateTime.parse(text, NO_COLON).toInstant();
        }
        if (instant.getEpochSecond() < FIRST / 1_000 || instant.getEpochSecond() > LAST / 1_000) {
            throw new DateTimeParseException("year outside 0000 to 9999", text, 0);
        }
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    private static DateTimeFormatter withOffset(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                .appendOffset(pattern, "Z")
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT)
                .withChronology(IsoChronology.INSTANCE);
    }
}
