package io.millrace.ingest.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of docs/errors.md. */
public final class ErrorsPage {
    private ErrorsPage() {}

    /** The cells after the code, by code, of one of its sections. */
    public static Map<String, List<String>> rows(String section) throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("../docs/errors.md"))) {
            if (line.startsWith("## ")) {
                inside = line.equals("## " + section);
            } else if (inside && line.startsWith("| `")) {
                List<String> cells = List.of(line.split(" *\\| *", -1));
                rows.put(cells.get(1).replace("`", ""), cells.subList(2, cells.size() - 1));
            }
        }
        return rows;
    }
}
