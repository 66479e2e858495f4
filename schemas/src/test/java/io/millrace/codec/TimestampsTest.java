package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private static final DateTimeFormatter JAVA_TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    @Test
    void format_andParse_agreeWithJavaTime_onRandomInstants() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            Instant instant = Instant.ofEpochMilli(FIRST + (long) (random.nextDouble() * (LAST - FIRST)));

            assertAgrees(instant);
        }
    }

    @Test
    void format_andParse_agreeWithJavaTime_onEveryDayOf800Years() {
        long day = Instant.parse("1700-01-01T00:00:00Z").toEpochMilli();
        for (int i = 0; i < 800 * 366; i++, day += 86_400_000) {
            assertAgrees(Instant.ofEpochMilli(day - 1));
        }
    }

    @Test
    void parse_agreesWithJavaTime_onEveryTextOfTheWrittenFormThatIsNoTime() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("2019-02-28T23:59:59.999Z");
            text.setCharAt(random.nextInt(text.length()), "0123456789:-TZ.+ é".charAt(random.nextInt(18)));

            Instant expected;
            try {
                expected = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                        .toInstant();
            } catch (DateTimeParseException e) {
                assertThatThrownBy(() -> Timestamps.parse(text.toString())).isInstanceOf(DateTimeParseException.class);
                continue;
            }
            assertThat(Timestamps.parse(text.toString())).as(text.toString()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2019-10-01T00:00:00Z, 2019-10-01T00:00:00.000Z",
        "2019-10-01T00:00Z, 2019-10-01T00:00:00.000Z",
        "2019-10-01t00:00:00z, 2019-10-01T00:00:00.000Z",
        "2019-10-01T02:00:00+02:00, 2019-10-01T00:00:00.000Z",
        "2019-10-01T02:00:00.1+02, 2019-10-01T00:00:00.100Z",
        "2019-10-01T02:00:00.123456789+0200, 2019-10-01T00:00:00.123Z",
        "2019-09-30T18:30:00.999999-05:30, 2019-10-01T00:00:00.999Z",
        "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
        "2020-02-29T00:00:00.000Z, 2020-02-29T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z, 0000-01-01T00:00:00.000Z",
    })
    void parse_takesAnyIso8601Offset_andFormatWritesMillisecondsAndZ(String given, String written) {
        assertThat(Timestamps.format(Timestamps.parse(given))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2019-10-01",
                "2019-10-01T00:00:00",
                "2019-02-29T00:00:00.000Z",
                "1900-02-29T00:00:00.000Z",
                "2019-13-01T00:00:00.000Z",
                "2019-10-01T25:00:00.000Z",
                "2019-10-01T00:60:00.000Z",
                "2019-10-01T00:00:60.000Z",
                "2019-10-01 00:00:00.000Z",
                "2019-10-01T00:00:00.000Z[UTC]",
                "1569888000000",
                "٢٠١٩-10-01T00:00:00.000Z",
                "2019-10-01T24:00:00.000Z",
                "+12019-10-01T00:00:00Z",
                "-0001-12-31T00:00:00Z",
                "9999-12-31T23:59:59-01:00",
                "+999999999-12-31T23:59:59-18:00",
                "2019-10-01T00:00:00ZZ",
                "+1000000000-01-01T00:00:00Z",
            })
    void parse_refuses_whatIsNoIso8601Time(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void format_cutsToMilliseconds_beforeTheEpochToo() {
        Instant instant = Instant.parse("1969-12-31T23:59:59.999999999Z");

        assertThat(Timestamps.format(instant)).isEqualTo("1969-12-31T23:59:59.999Z");
        assertThat(Timestamps.parse(Timestamps.format(instant)))
                .isEqualTo(instant.truncatedTo(ChronoUnit.MILLIS))
                .isEqualTo(OffsetDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000, ZoneOffset.UTC)
                        .toInstant());
    }

    private static void assertAgrees(Instant instant) {
        String text = Timestamps.format(instant);
        // AssertJ only where it fails: half a million times it would take most of the test's time.
        if (!text.equals(JAVA_TIME.format(instant)) || !Timestamps.parse(text).equals(instant)) {
            assertThat(text).isEqualTo(JAVA_TIME.format(instant));
            assertThat(Timestamps.parse(text)).isEqualTo(instant);
        }
    }
}
