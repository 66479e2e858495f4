package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Interval;
import java.util.List;
import java.util.Locale;

/** Writes report.html: one file that asks nothing of the network, readable on a phone and on paper, by day and by night. */
final class Page {
    /** An AUC that purchases do not have from clicks alone. */
    private static final double SUSPECT = 0.9;

    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private Page(Report report) {
        this.report = report;
    }

    static String write(Report report) {
        return new Page(report).write();
    }

    private String write() {
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .append(Html.escape(report.model()))
                .append(" judged</title>\n<style>\n")
                .append(Style.CSS)
                .append("</style></head>\n<body><main>\n");
        head();
        figures();
        html.append("<section><h2>Curves</h2><div class=\"plots\">\n")
                .append(Plots.all(report))
                .append("</div></section>\n");
        threshold();
        published();
        segments();
        inputs();
        provenance();
        html.append("</main></body></html>\n");
        return html.toString();
    }

    private void head() {
        Report.Data data = report.data();
        html.append("<header><p class=\"over\">Evaluation</p><h1>")
                .append(Html.escape(report.model()))
                .append("</h1>\n");
        html.append("<p class=\"lead\">A high score says <b>")
                .append(Html.escape(report.label()))
                .append("</b>: ")
                .append(Html.escape(report.outcome()))
                .append("</p>\n");
        html.append(String.format(
                Locale.ROOT,
                "<p class=\"facts\"><span><b>%s</b> examples</span><span><b>%s</b> positive (%s)</span><span><b>%s</b>"
                        + " users</span><span>%s</span></p></header>%n",
                Html.count(data.examples()),
                Html.count(data.positives()),
                Html.percent(data.share()),
                Html.count(data.users()),
                data.span("")));
    }

    private void figures() {
        html.append("<section class=\"tiles\">\n");
        for (int i = 0; i < report.figures().size(); i++) {
            Report.Figure figure = report.figures().get(i);
            html.append("<div class=\"tile\"><h3>")
                    .append(Html.escape(figure.name()))
                    .append("</h3><p class=\"value\">")
                    .append(Html.figure(figure.interval().value()))
                    .append("</p><p class=\"range\">")
                    .append(Html.range(figure.interval()))
                    .append("</p><p class=\"prior\">one score for all: ")
                    .append(Html.figure(report.prior().get(i).interval().value()))
                    .append("</p><p class=\"meaning\">")
                    .append(Html.escape(figure.meaning()))
                    .append(figure.higherIsBetter() ? " · higher is better" : " · lower is better")
                    .append("</p></div>\n");
        }
        html.append(
                "</section>\n<p class=\"note\">Ranges are 95 % confidence intervals by bootstrap over users, 2,000 draws:"
                        + " the examples of one user are alike, so users are drawn, not examples.</p>\n");
    }

    private void threshold() {
        Report.Threshold at = report.threshold();
        html.append(String.format(
                Locale.ROOT, "<section><h2>At the threshold %.4f</h2><div class=\"beside\">%n", at.value()));
        html.append("<table class=\"confusion\"><tr><td></td><th>said yes</th><th>said no</th></tr>");
        html.append(String.format(
                "<tr><th>was so</th><td class=\"good\">%s</td><td class=\"bad\">%s</td></tr>"
                        + "<tr><th>was not</th><td class=\"bad\">%s</td><td class=\"good\">%s</td></tr></table>%n",
                Html.count(at.truePositives()),
                Html.count(at.falseNegatives()),
                Html.count(at.falsePositives()),
                Html.count(at.trueNegatives())));
        html.append("<table><tr><th>figure</th><th class=\"n\">value</th><th class=\"n\">95 %</th></tr>");
        row("Precision", at.precision());
        row("Recall", at.recall());
        row("F1", at.f1());
        html.append("</table></div></section>\n");
    }

    private void row(String name, Interval interval) {
        html.append("<tr><td>")
                .append(name)
                .append("</td><td class=\"n\">")
                .append(Html.figure(interval.value()))
                .append("</td><td class=\"n\">")
                .append(Html.range(interval))
                .append("</td></tr>");
    }

    private void published() {
        if (report.published().isEmpty()) {
            return;
        }
        html.append("<section><h2>Published figures beside ours</h2><div class=\"scroll\"><table>"
                + "<tr><th>figure</th><th>ours</th><th>published</th><th>by</th><th>split</th></tr>\n");
        for (Published published : report.published()) {
            html.append("<tr><td>")
                    .append(Html.escape(published.what()))
                    .append("</td><td>")
                    .append(report.ours(published.beside()).map(Html::whole).orElse("–"))
                    .append("</td><td>")
                    .append(Html.escape(published.figure()))
                    .append("</td><td>")
                    .append(Html.escape(published.source() == null ? "" : published.source()))
                    .append("</td><td>")
                    .append(Html.escape(published.split()))
                    .append("</td></tr>\n");
        }
        html.append("</table></div></section>\n");
    }

    private void segments() {
        html.append("<section><h2>By segment</h2>\n");
        List<String> dimensions =
                report.segments().stream().map(Segment::dimension).distinct().toList();
        for (String dimension : dimensions) {
            html.append("<h3>")
                    .append(Html.escape(dimension))
                    .append("</h3><div class=\"scroll\"><table><tr><th></th>"
                            + "<th class=\"n\">examples</th><th class=\"n\">users</th><th class=\"n\">positive</th>"
                            + "<th class=\"n\">share</th><th class=\"n\">mean score</th><th class=\"n\">ROC AUC</th>"
                            + "<th class=\"n\">95 %</th><th class=\"spark\"></th></tr>\n");
            report.segments().stream()
                    .filter(segment -> segment.dimension().equals(dimension))
                    .forEach(this::segment);
            html.append("</table></div>\n");
        }
        html.append("<p class=\"note\">No AUC where there are fewer than ")
                .append(Segment.FEWEST)
                .append(
                        " positives or negatives. Share and mean score far apart: badly calibrated there.</p></section>\n");
    }

    private void segment(Segment segment) {
        Interval auc = segment.rocAuc();
        html.append("<tr><td>").append(Html.escape(segment.value())).append("</td>");
        for (String cell : List.of(
                Html.count(segment.examples()),
                Html.count(segment.users()),
                Html.count(segment.positives()),
                Html.percent(segment.share()),
                Html.percent(segment.meanScore()),
                auc == null ? "–" : Html.figure(auc.value()),
                auc == null ? "" : Html.range(auc))) {
            html.append("<td class=\"n\">").append(cell).append("</td>");
        }
        html.append("<td class=\"spark\">")
                .append(auc == null ? "" : spark(auc))
                .append("</td></tr>\n");
    }

    /** The AUC and its interval on a scale from 0.5 to 1. */
    private static String spark(Interval auc) {
        double from = place(auc.low());
        double to = place(auc.high());
        return String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 100 12\" role=\"img\"><title>ROC AUC between 0.5 and 1</title>"
                        + "<line class=\"grid\" x1=\"0\" y1=\"6\" x2=\"100\" y2=\"6\"/>"
                        + "<line class=\"model wide\" x1=\"%.1f\" y1=\"6\" x2=\"%.1f\" y2=\"6\"/>"
                        + "<circle class=\"model dot\" cx=\"%.1f\" cy=\"6\" r=\"3.5\"/></svg>",
                from,
                to,
                place(auc.value()));
    }

    private static double place(double auc) {
        return Double.isNaN(auc) ? 0 : 4 + 92 * Math.max(0, Math.min(1, (auc - 0.5) / 0.5));
    }

    private void inputs() {
        if (report.inputs().isEmpty()) {
            return;
        }
        html.append(
                "<section><h2>Each input alone</h2><p class=\"note\">ROC AUC of the value itself as a score; below 0.5, low"
                        + " values are positive. An input that knows nearly everything alone may know the future: look for leakage."
                        + "</p><ol class=\"inputs\">\n");
        for (SingleInput input : report.inputs()) {
            double strength = Math.abs(input.rocAuc() - 0.5);
            html.append(String.format(
                    Locale.ROOT,
                    "<li%s><span>%s</span><span class=\"track\"><i style=\"width:%.1f%%\"></i></span><span class=\"n\">%.3f"
                            + "</span></li>%n",
                    strength > SUSPECT - 0.5 ? " class=\"suspect\"" : "",
                    Html.escape(input.name()),
                    200 * strength,
                    input.rocAuc()));
        }
        html.append("</ol></section>\n");
    }

    private void provenance() {
        Report.Data data = report.data();
        html.append("<section><h2>What this rests on</h2><dl>\n");
        term("Judged on", data.files());
        term("Split", data.split());
        term("Trained on", data.trainedOn());
        term("Licence of the model", data.licence());
        if (data.attribution() != null) {
            term("Attribution", data.attribution());
        }
        term("Artifact (SHA-256)", report.sha256());
        html.append("</dl></section>\n");
    }

    private void term(String name, String value) {
        html.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd>\n");
    }
}
