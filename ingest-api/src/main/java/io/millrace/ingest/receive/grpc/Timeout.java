package io.millrace.ingest.receive.grpc;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header grpc-timeout: up to eight digits and a unit. */
final class Timeout {
    static final String HEADER = "grpc-timeout";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private Timeout() {}

    /** Empty where there is none, or none that can be read. */
    static Optional<Duration> parse(@Nullable String header) {
        Matcher matcher = TEXT.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        ChronoUnit unit = switch (matcher.group(2)) {
            case "H" -> ChronoUnit.HOURS;
            case "M" -> ChronoUnit.MINUTES;
            case "S" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MILLIS;
            case "u" -> ChronoUnit.MICROS;
            default -> ChronoUnit.NANOS;
        };
        return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit));
    }
}
