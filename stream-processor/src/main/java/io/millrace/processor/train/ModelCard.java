package io.millrace.processor.train;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.processor.model.FitSettings;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.Folds;
import io.millrace.processor.train.example.OutcomeText;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Writes MODEL_CARD.md: what the model is, what it was made from, and what it is worth. */
final class ModelCard {
    static final String FILE_NAME = "MODEL_CARD.md";

    private ModelCard() {}

    static String write(TrainConfig config, Training.Result result) {
        Manifest manifest = result.chosen().files().manifest();
        StringBuilder card = new StringBuilder();
        card.append("# ").append(manifest.model()).append("\n\n");
        card.append(config.card().purpose()).append("\n\n");
        card.append("Written by the training program; edit the configuration, not this file.\n\n");
        card.append("## Data\n\n");
        card.append(manifest.provenance().trainedOn()).append(".\n\n");
        if (manifest.provenance().attribution() != null) {
            card.append("Attribution: ")
                    .append(manifest.provenance().attribution())
                    .append("\n\n");
        }
        card.append("Licence of the model: ")
                .append(manifest.provenance().licence())
                .append(".\n\n");
        label(card, config);
        split(card, config, result.folds());
        inputs(card, manifest);
        figures(card, config, result);
        card.append("## Limits\n\n");
        config.card().limits().forEach(limit -> card.append("- ").append(limit).append('\n'));
        card.append("\n## To train it again\n\n");
        card.append("    ").append(config.card().command()).append("\n\n");
        card.append("The same data and seed (").append(config.fit().seed());
        card.append(") give the same weights on the same kind of CPU.\n");
        return card.toString();
    }

    private static void label(StringBuilder card, TrainConfig config) {
        card.append("## Label\n\nAn example is one event among ");
        List<String> names = config.manifest().selects().events();
        card.append(names.isEmpty() ? "all" : String.join(", ", names)).append(". It is positive if ");
        card.append(OutcomeText.of(config.outcome())).append(".");
        if (!config.outcome().within().isZero()) {
            card.append(" Later means strictly later. Events in the last ")
                    .append(OutcomeText.of(config.outcome().within()))
                    .append(" of the data are left out: their label is not known.");
        }
        card.append(" Features are computed by the serving code, from the user's events up to and including the one");
        card.append(" that is scored.\n\n");
    }

    private static void split(StringBuilder card, TrainConfig config, Folds folds) {
        card.append("## Split\n\n");
        boolean isOwn = config.outcome().within().isZero();
        String gap = OutcomeText.of(config.outcome().within());
        if (config.data().isTable()) {
            card.append("The rows have no time: the test is a share of them, chosen by a hash. Epochs,");
            card.append(" threshold and the choice between models come from cross-validation within the others.\n\n");
        } else if (folds.byTime()) {
            card.append("By time: first what is learnt from, then what it is validated on, then the test");
            card.append(
                            isOwn
                                    ? ""
                                    : ", each " + gap
                                            + " after the end of the one before, so that all labels were known")
                    .append(isOwn ? "" : " by then");
            card.append(". Epochs, threshold and the choice between models come from the validation.\n\n");
        } else {
            card.append("The test is the latest part in time. Training ends ");
            card.append(
                    isOwn ? "where it begins" : gap + " before it begins, so that all its labels were known by then");
            card.append(
                    ". Epochs, threshold and the choice between models come from cross-validation within training, in parts that share no user.\n\n");
        }
        folds(card, folds);
    }

    private static void folds(StringBuilder card, Folds folds) {
        card.append("| fold | examples | positive | users | users with a positive | from | to |\n");
        card.append("|---|---|---|---|---|---|---|\n");
        if (folds.byTime()) {
            fold(card, "train", folds.learnt());
            fold(card, "validation", folds.held());
        } else {
            fold(card, "train", folds.train());
        }
        fold(card, "test", folds.test());
        card.append('\n');
    }

    private static void fold(StringBuilder card, String name, List<Example> examples) {
        card.append(String.format(
                Locale.ROOT,
                "| %s | %d | %d (%.1f %%) | %d | %d | %s | %s |%n",
                name,
                examples.size(),
                examples.stream().filter(Example::positive).count(),
                100.0 * examples.stream().filter(Example::positive).count() / examples.size(),
                examples.stream().map(Example::user).distinct().count(),
                examples.stream()
                        .filter(Example::positive)
                        .map(Example::user)
                        .distinct()
                        .count(),
                Instant.ofEpochMilli(examples.get(0).time()),
                Instant.ofEpochMilli(examples.get(examples.size() - 1).time())));
    }

    private static void inputs(StringBuilder card, Manifest manifest) {
        card.append("## Inputs\n\n");
        card.append(String.join(
                ", ", manifest.features().stream().map(FeatureSpec::name).toList()));
        if (manifest.inputs().contains(Manifest.SEQUENCE) && manifest.sequence() != null) {
            card.append(manifest.features().isEmpty() ? "" : "; and ")
                    .append("the last ")
                    .append(manifest.sequence().length())
                    .append(" events as a sequence");
        }
        card.append(". Their definitions are in model.yaml.\n\n");
    }

    private static void figures(StringBuilder card, TrainConfig config, Training.Result result) {
        card.append(
                "## Worth, on the test fold\n\n95 % confidence intervals by bootstrap over users (2,000 draws).\n\n");
        card.append("| model | ROC AUC | PR AUC | log loss | Brier | ECE | log loss, held examples |\n");
        card.append("|---|---|---|---|---|---|---|\n");
        row(card, "prior rate", result.prior(), "");
        row(card, "logistic regression", result.logistic().test(), loss(result.logistic()));
        row(card, network(config), result.network().test(), loss(result.network()));
        card.append("\nNetwork less logistic regression: log loss on the held examples ");
        card.append(result.lossDifference()).append(", ROC AUC on the test ").append(result.aucDifference());
        card.append(".\n").append(verdict(result)).append('\n');
        Measure.Confusion at = result.atThreshold();
        card.append(String.format(
                Locale.ROOT,
                "%nAt the threshold %.4f, chosen on the held examples for the best F1: precision %.3f, recall %.3f, F1 %.3f"
                        + " (%d true and %d false positives, %d missed).%n%n",
                result.chosen().files().manifest().threshold(),
                at.precision(),
                at.recall(),
                at.f1(),
                at.truePositives(),
                at.falsePositives(),
                at.falseNegatives()));
    }

    private static String network(TrainConfig config) {
        FitSettings.Recurrent recurrent = config.fit().recurrent();
        return recurrent == null
                ? "network " + config.fit().hidden()
                : "network " + recurrent.cell() + " " + recurrent.units() + " "
                        + config.fit().hidden();
    }

    private static String verdict(Training.Result result) {
        String refusal = result.verdict().refusal();
        if (refusal != null) {
            return "Not to be used: " + refusal + ".";
        }
        String overruled = result.verdict().overruled();
        if (overruled != null) {
            return "The network ships because that was forced: " + overruled + ".";
        }
        return result.verdict().network()
                ? "The network has the lower log loss on the held examples beyond chance: it ships."
                : "The network does not beat logistic regression on the held examples beyond chance: logistic"
                        + " regression, the simpler one, ships.";
    }

    private static String loss(Training.Candidate candidate) {
        return String.format(Locale.ROOT, "%.4f", candidate.loss());
    }

    private static void row(StringBuilder card, String name, Judgement judgement, String validationLoss) {
        card.append("| ").append(name);
        for (Interval interval : List.of(
                judgement.rocAuc(), judgement.prAuc(), judgement.logLoss(), judgement.brier(), judgement.ece())) {
            card.append(" | ").append(interval);
        }
        card.append(" | ").append(validationLoss).append(" |\n");
    }
}
