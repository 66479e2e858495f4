package io.millrace.processor.evaluate;

import java.util.List;
import java.util.Locale;

/**
 * Draws one plot as inline SVG: axes from 0 to the given ends, and what is put into it. Colours are the page's, by class,
 * so that it is readable in the light and in the dark; a line that explains is its title, for those who cannot see it.
 */
final class Plot {
    private static final double WIDTH = 360;
    private static final double HEIGHT = 260;
    private static final double LEFT = 46;
    private static final double RIGHT = 12;
    private static final double TOP = 12;
    private static final double BOTTOM = 42;
    private static final int TICKS = 5;

    private final StringBuilder svg = new StringBuilder();
    private final double xEnd;
    private final double yEnd;

    /** @param title what is to be seen */
    Plot(String title, String xLabel, double xEnd, String yLabel, double yEnd) {
        this.xEnd = xEnd;
        this.yEnd = yEnd;
        add("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" preserveAspectRatio=\"xMidYMid meet\">", WIDTH, HEIGHT);
        svg.append("<title>").append(Html.escape(title)).append("</title>");
        for (int i = 0; i <= TICKS; i++) {
            double xAt = xEnd * i / TICKS;
            double yAt = yEnd * i / TICKS;
            add(
                    "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                    x(0), y(yAt), x(xEnd), y(yAt));
            add(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
                    x(xAt), y(0) + 15, tick(xAt));
            add(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    x(0) - 6, y(yAt) + 3.5, tick(yAt));
        }
        add("<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x(0), y(0), x(xEnd), y(0));
        add(
                "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, Html.escape(xLabel));
        add(
                "<text class=\"name\" transform=\"translate(11 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                (TOP + HEIGHT - BOTTOM) / 2, Html.escape(yLabel));
    }

    /** A line through points, under a class of the page. */
    Plot line(String style, List<Curves.Point> points) {
        svg.append("<polyline class=\"").append(style).append("\" points=\"");
        points.forEach(point -> add("%.1f,%.1f ", x(point.x()), y(point.y())));
        svg.append("\"/>");
        return this;
    }

    /** The same, with what is under it filled. */
    Plot area(String style, List<Curves.Point> points) {
        if (!points.isEmpty()) {
            svg.append("<polygon class=\"").append(style).append(" area\" points=\"");
            add("%.1f,%.1f ", x(points.get(0).x()), y(0));
            points.forEach(point -> add("%.1f,%.1f ", x(point.x()), y(point.y())));
            add("%.1f,%.1f\"/>", x(points.get(points.size() - 1).x()), y(0));
        }
        return line(style, points);
    }

    Plot bar(String style, double from, double to, double height, String title) {
        add(
                "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" rx=\"1\"><title>%s</title></rect>",
                style, x(from), y(height), Math.max(0.5, x(to) - x(from)), y(0) - y(height), Html.escape(title));
        return this;
    }

    /** A point with its interval. */
    Plot point(String style, double xAt, double value, double low, double high, String title) {
        add(
                "<line class=\"%s whisker\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                style, x(xAt), y(low), x(xAt), y(high));
        add(
                "<circle class=\"%s dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s</title></circle>",
                style, x(xAt), y(value), Html.escape(title));
        return this;
    }

    /** A mark on the x axis, with a word beside it. */
    Plot mark(double xAt, String word) {
        boolean late = xAt > xEnd * 0.6;
        add("<line class=\"mark\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x(xAt), y(0), x(xAt), TOP);
        add(
                "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x(xAt) + (late ? -4 : 4), TOP + 9, late ? "end" : "start", Html.escape(word));
        return this;
    }

    String svg() {
        return svg + "</svg>";
    }

    private double x(double value) {
        return LEFT + Math.max(0, Math.min(1, value / xEnd)) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - Math.max(0, Math.min(1, value / yEnd)) * (HEIGHT - TOP - BOTTOM);
    }

    private static String tick(double value) {
        String text = String.format(Locale.ROOT, value != 0 && value < 0.095 ? "%.3f" : "%.2f", value);
        String shorter = text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
        return shorter.isEmpty() ? "0" : shorter;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
