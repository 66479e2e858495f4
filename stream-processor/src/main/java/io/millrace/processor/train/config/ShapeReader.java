package io.millrace.processor.train.config;

import io.millrace.processor.train.file.Columns;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads of a configuration's data how its files are read: {@code format} and {@code columns}. */
final class ShapeReader {
    private ShapeReader() {}

    /** What is wrong is noted; then something that can be gone on with comes back. */
    static FileShape read(ConfigSection data, List<String> problems) {
        FileFormat format = FileFormat.NDJSON;
        String given = data.text("format", "the files' format");
        try {
            format = given.isEmpty() ? format : FileFormat.parse(given);
        } catch (IllegalArgumentException e) {
            problems.add("data.format: " + e.getMessage());
        }
        int before = problems.size();
        Columns columns = data.has("columns") ? columns(data.section("columns"), problems) : null;
        try {
            return problems.size() > before ? FileShape.of(FileFormat.NDJSON) : new FileShape(format, columns);
        } catch (IllegalArgumentException e) {
            problems.add("data." + e.getMessage());
            return FileShape.of(FileFormat.NDJSON);
        }
    }

    private static @Nullable Columns columns(ConfigSection columns, List<String> problems) {
        String user = columns.text("user", "the column of the user");
        String time = columns.text("time", "the column of the time");
        String name = columns.has("name") ? columns.text("name", "the column of the event's name") : null;
        String pattern = columns.has("timePattern") ? columns.text("timePattern", "how times are written") : null;
        List<String> header = columns.has("header") ? columns.texts("header", "the names of all columns") : null;
        columns.noMore();
        if (user.isEmpty() || time.isEmpty()) {
            return null;
        }
        try {
            Columns read = new Columns(user, time, name, pattern, header);
            if (header != null && !header.containsAll(read.needed())) {
                columns.problem("header", header.toString(), "all of " + read.needed() + " among them");
            }
            return read;
        } catch (IllegalArgumentException e) {
            problems.add("data." + e.getMessage());
            return null;
        }
    }
}
