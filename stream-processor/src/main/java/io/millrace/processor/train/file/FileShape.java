package io.millrace.processor.train.file;

import org.jspecify.annotations.Nullable;

/**
 * How an event file is read.
 *
 * @param format of its lines
 * @param columns what makes an event of them, where the format itself does not say; else null
 */
public record FileShape(FileFormat format, @Nullable Columns columns) {
    /** @throws IllegalArgumentException if the format needs columns and has none, or has no use for them */
    public FileShape {
        if (format == FileFormat.CSV && columns == null) {
            throw new IllegalArgumentException("columns: given none, expected which of the file's are user, time and"
                    + " name, such as user=visitor,time=at,name=action");
        }
        if (format != FileFormat.CSV && format != FileFormat.NDJSON && columns != null) {
            throw new IllegalArgumentException("columns: given for format " + format.text()
                    + ", which has its own; expected them for csv or ndjson");
        }
        if (format != FileFormat.CSV && columns != null && columns.header() != null) {
            throw new IllegalArgumentException("columns.header: given for format " + format.text()
                    + ", whose lines name their fields; expected it for csv");
        }
    }

    /** A format that says itself what an event is. */
    public static FileShape of(FileFormat format) {
        return new FileShape(format, null);
    }
}
