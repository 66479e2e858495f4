package io.millrace.processor.train;

import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.measure.Bootstrap;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is worth on examples it never saw, scored by the code that serves.
 *
 * @param rocAuc area under the ROC curve
 * @param prAuc average precision
 * @param logLoss mean negative log-likelihood, in nats
 * @param brier mean squared error of the score
 * @param ece expected calibration error
 */
record Judgement(Interval rocAuc, Interval prAuc, Interval logLoss, Interval brier, Interval ece) {
    static Judgement of(Measure measure, Bootstrap bootstrap) {
        List<Interval> figures = bootstrap.intervals(
                List.of(measure::rocAuc, measure::prAuc, measure::logLoss, measure::brier, measure::ece),
                measure.once());
        return new Judgement(figures.get(0), figures.get(1), figures.get(2), figures.get(3), figures.get(4));
    }

    static Measure measure(float[] scores, List<Example> examples) {
        boolean[] labels = new boolean[examples.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = examples.get(i).positive();
        }
        return new Measure(scores, labels);
    }

    /** Scores the examples with the model, in its own batches. */
    static float[] score(ModelFiles files, List<Example> examples) throws ModelRefusedException, ModelFailedException {
        return scoreRows(files, examples.stream().map(Example::inputs).toList());
    }

    static float[] scoreRows(ModelFiles files, List<Inputs> rows) throws ModelRefusedException, ModelFailedException {
        float[] scores = new float[rows.size()];
        try (LoadedModel model = LoadedModel.load(files, ModelLimits.DEFAULT);
                Scorer scorer = model.newScorer()) {
            for (int from = 0; from < scores.length; from += scorer.largestBatch()) {
                List<Inputs> batch = rows.subList(from, Math.min(scores.length, from + scorer.largestBatch()));
                float[] some = scorer.score(batch);
                System.arraycopy(some, 0, scores, from, some.length);
            }
        }
        return scores;
    }

    /** For {@link Manifest.Provenance}: the figures, and the bounds of the first. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rocAuc", rocAuc.value());
        metrics.put("rocAucLow", rocAuc.low());
        metrics.put("rocAucHigh", rocAuc.high());
        metrics.put("prAuc", prAuc.value());
        metrics.put("logLoss", logLoss.value());
        metrics.put("brier", brier.value());
        metrics.put("ece", ece.value());
        return metrics;
    }
}
