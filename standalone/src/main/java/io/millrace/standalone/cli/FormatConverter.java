package io.millrace.standalone.cli;

import io.millrace.processor.train.file.FileFormat;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --map} as the file formats name themselves. */
final class FormatConverter implements ITypeConverter<FileFormat>, Iterable<String> {
    @Override
    public FileFormat convert(String text) {
        try {
            return FileFormat.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(FileFormat.values()).map(FileFormat::text).iterator();
    }
}
