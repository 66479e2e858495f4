package io.millrace.standalone.cli;

import io.millrace.config.Key;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as settings do. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Key.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("given \"" + text + "\", expected a duration such as 90s, 10m, 2h");
        }
    }
}
