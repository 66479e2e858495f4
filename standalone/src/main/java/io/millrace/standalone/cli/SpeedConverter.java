package io.millrace.standalone.cli;

import java.util.OptionalDouble;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --speed}: a factor over 0, or max for none. */
final class SpeedConverter implements ITypeConverter<OptionalDouble> {
    @Override
    public OptionalDouble convert(String text) {
        if ("max".equals(text)) {
            return OptionalDouble.empty();
        }
        try {
            double factor = Double.parseDouble(text);
            if (factor > 0 && Double.isFinite(factor)) {
                return OptionalDouble.of(factor);
            }
        } catch (NumberFormatException e) {
            // said below, as for any other wrong text
        }
        throw new TypeConversionException("given \"" + text + "\", expected a number over 0, or max");
    }
}
