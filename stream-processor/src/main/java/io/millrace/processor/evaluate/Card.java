package io.millrace.processor.evaluate;

import java.util.Locale;

/** Writes the report's MODEL_CARD.md: what the model is, what it rests on, its figures and those of others. */
final class Card {
    private Card() {}

    static String write(Report report) {
        StringBuilder card = new StringBuilder();
        Report.Data data = report.data();
        card.append("# ").append(report.model()).append(", judged\n\n");
        card.append("A high score says ")
                .append(report.label())
                .append(": ")
                .append(report.outcome())
                .append("\n\n");
        card.append("Artifact: SHA-256 `").append(report.sha256()).append("`.\n\n## Data\n\n");
        card.append("Trained on: ").append(data.trainedOn()).append(".\n\n");
        if (data.attribution() != null) {
            card.append("Attribution: ").append(data.attribution()).append("\n\n");
        }
        card.append("Licence of the model: ").append(data.licence()).append(".\n\n");
        card.append(String.format(
                Locale.ROOT,
                "Judged on: %s; %s: %,d examples of %,d users, %,d positive (%.1f %%)%s.%n%n",
                data.files(),
                data.split(),
                data.examples(),
                data.users(),
                data.positives(),
                100 * data.share(),
                data.span(", ")));
        card.append("## Figures\n\n95 % confidence intervals by bootstrap over users (2,000 draws).\n\n");
        card.append("| figure | value | one score for all |\n|---|---|---|\n");
        for (int i = 0; i < report.figures().size(); i++) {
            row(card, report.figures().get(i), report.prior().get(i));
        }
        Report.Threshold at = report.threshold();
        card.append(String.format(
                Locale.ROOT,
                "%nAt the threshold %.4f: precision %s, recall %s, F1 %s (%,d true and %,d false positives, %,d missed, %,d"
                        + " rightly passed over).%n",
                at.value(),
                Html.whole(at.precision()),
                Html.whole(at.recall()),
                Html.whole(at.f1()),
                at.truePositives(),
                at.falsePositives(),
                at.falseNegatives(),
                at.trueNegatives()));
        published(card, report);
        card.append("\nCurves, segments and each input alone: report.html, and report.json for programs.\n");
        return card.toString();
    }

    private static void row(StringBuilder card, Report.Figure figure, Report.Figure prior) {
        card.append("| ")
                .append(figure.name())
                .append(" | ")
                .append(Html.whole(figure.interval()))
                .append(" | ");
        card.append(Html.figure(prior.interval().value())).append(" |\n");
    }

    private static void published(StringBuilder card, Report report) {
        if (report.published().isEmpty()) {
            return;
        }
        card.append(
                "\n## Published figures beside ours\n\n| figure | ours | published | by | split |\n|---|---|---|---|---|\n");
        for (Published published : report.published()) {
            card.append("| ")
                    .append(published.what())
                    .append(" | ")
                    .append(report.ours(published.beside()).map(Html::whole).orElse("–"))
                    .append(" | ")
                    .append(published.figure())
                    .append(" | ");
            card.append(published.source() == null ? "" : published.source()).append(" | ");
            card.append(published.split()).append(" |\n");
        }
    }
}
