package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Figures as a picture (SVG) for light and dark pages: a bar to the median, a line from the least to the most, and a tick where the
 * ceiling's median is. Figures of one workload and unit share a scale.
 */
final class BenchPlot {
    private static final int WIDTH = 960;
    private static final int BARS_FROM = 330;
    private static final int BARS_WIDTH = 420;
    private static final int ROW = 22;
    private static final int HEADING = 38;
    private static final String STYLE = """
        svg { color: #1f2328; background: #ffffff; font: 13px system-ui, sans-serif }
        .bar { fill: #6ea8dc } .range { stroke: #0b4f8a; stroke-width: 2 } .ceiling { stroke: #b3261e; stroke-width: 2.5 }
        text { fill: currentColor } .head { font-weight: 600; font-size: 14px } .end { text-anchor: end }
        @media (prefers-color-scheme: dark) {
          svg { color: #e6edf3; background: #0d1117 }
          .bar { fill: #2f6ea5 } .range { stroke: #a5d0f5 } .ceiling { stroke: #ff8a80 }
        }
        """;

    private BenchPlot() {}

    static void write(BenchReport report, Path file) throws IOException {
        Files.writeString(file, svg(report));
    }

    static String svg(BenchReport report) {
        Map<String, List<Figure>> groups = new LinkedHashMap<>();
        for (Figure figure : report.figures()) {
            String workload =
                    figure.name().substring(0, Math.max(0, figure.name().indexOf('.')));
            groups.computeIfAbsent(workload + ", " + figure.unit(), unused -> new ArrayList<>())
                    .add(figure);
        }
        StringBuilder body = new StringBuilder();
        int y = ROW;
        text(
                body,
                "",
                16,
                y,
                report.machine().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(" · ")));
        for (Map.Entry<String, List<Figure>> group : groups.entrySet()) {
            y += HEADING;
            text(body, "head", 16, y, group.getKey());
            double most =
                    group.getValue().stream().mapToDouble(BenchPlot::most).max().orElse(1);
            for (Figure figure : group.getValue()) {
                y += ROW;
                row(body, figure, y, most > 0 ? BARS_WIDTH / most : 0);
            }
        }
        y += HEADING;
        text(body, "", 16, y, "bar: median · line: least to most · tick: median of the ceiling");
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\""
                        + " role=\"img\">%n<title>millrace bench</title>%n<style>%n%s</style>%n%s</svg>%n",
                WIDTH,
                y + ROW,
                STYLE,
                body);
    }

    private static double most(Figure figure) {
        Figure ceiling = figure.ceiling();
        return Math.max(figure.max(), ceiling == null ? 0 : ceiling.median());
    }

    private static void row(StringBuilder body, Figure figure, int y, double scale) {
        int middle = y - 5;
        text(body, "end", BARS_FROM - 10, y, figure.name());
        body.append(String.format(
                Locale.ROOT,
                "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\"/>%n",
                BARS_FROM,
                middle - 7,
                figure.median() * scale));
        line(body, "range", figure.min() * scale, figure.max() * scale, middle, middle);
        Figure ceiling = figure.ceiling();
        if (ceiling != null) {
            double at = ceiling.median() * scale;
            line(body, "ceiling", at, at, middle - 9, middle + 9);
        }
        text(
                body,
                "",
                BARS_FROM + BARS_WIDTH + 12,
                y,
                BenchReport.number(figure.median()) + " (" + BenchReport.number(figure.min()) + "–"
                        + BenchReport.number(figure.max()) + ")");
    }

    private static void line(StringBuilder body, String style, double from, double to, int top, int bottom) {
        body.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                style,
                BARS_FROM + from,
                top,
                BARS_FROM + to,
                bottom));
    }

    private static void text(StringBuilder body, String style, int x, int y, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;");
        body.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, safe));
    }
}
