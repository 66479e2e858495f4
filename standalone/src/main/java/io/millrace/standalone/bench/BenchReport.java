package io.millrace.standalone.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a sitting has measured.
 *
 * @param machine in words
 */
public record BenchReport(Map<String, String> machine, List<Figure> figures) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public BenchReport {
        figures = List.copyOf(figures);
    }

    /** For a terminal. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "", "median", "min", "max", "of its ceiling"));
        for (Figure figure : figures) {
            Figure ceiling = figure.ceiling();
            lines.add(row(
                    figure.name(),
                    figure.unit(),
                    number(figure.median()),
                    number(figure.min()),
                    number(figure.max()),
                    ceiling == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "%.0f %% of %s",
                                    100 * figure.median() / ceiling.median(),
                                    ceiling.name())));
        }
        return lines;
    }

    private static String row(String name, String unit, String median, String min, String max, String ceiling) {
        return String.format(Locale.ROOT, "%-32s %-9s %10s %10s %10s  %s", name, unit, median, min, max, ceiling)
                .stripTrailing();
    }

    /** As tables and pictures tell it. */
    static String number(double value) {
        return value >= 1_000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }

    /** For eyes. */
    public void draw(Path file) throws IOException {
        BenchPlot.write(this, file);
    }

    /** For programs. */
    public void write(Path file) throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        ObjectNode told = tree.putObject("machine");
        machine.forEach(told::put);
        for (Figure figure : figures) {
            ObjectNode one = tree.withArray("figures")
                    .addObject()
                    .put("name", figure.name())
                    .put("value", figure.median())
                    .put("unit", figure.unit())
                    .put("min", figure.min())
                    .put("max", figure.max());
            Figure ceiling = figure.ceiling();
            figure.rounds().forEach(one.putArray("rounds")::add);
            one.put("ceiling", ceiling == null ? null : ceiling.median());
            one.put("ratio", figure.ratio());
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), tree);
    }
}
