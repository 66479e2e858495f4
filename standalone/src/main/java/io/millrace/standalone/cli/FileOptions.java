package io.millrace.standalone.cli;

import io.millrace.processor.train.file.Columns;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command's event files are read. */
final class FileOptions {
    @Option(
            names = "--map",
            paramLabel = "FORMAT",
            description = "What the files are: ${COMPLETION-CANDIDATES}; default ndjson, one JSON event a line.",
            converter = FormatConverter.class,
            completionCandidates = FormatConverter.class)
    private FileFormat format = FileFormat.NDJSON;

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "KEY=COLUMN",
            description = {
                "Of csv or ndjson of any form, which columns are user and time, and where there is one the event's name:"
                        + " user=visitor,time=at,name=action. All others are properties.",
                "timePattern=PATTERN where times are neither ISO 8601 nor since 1970."
            })
    private Map<String, String> columns = Map.of();

    FileShape shape() {
        try {
            return new FileShape(format, columns.isEmpty() ? null : Columns.of(columns));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--" + e.getMessage() + ".");
        }
    }
}
