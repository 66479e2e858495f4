package io.millrace.ingest.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.codec.Timestamps;
import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import io.millrace.quality.Drift;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer of getModelQuality, as json/model-quality-answer.schema.json says. */
final class QualityJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Subject(ModelVersion model, Role role) {}

    private QualityJson() {}

    /** @param sums over partitions, by version, role and window, each version's windows in their order */
    static byte[] of(String model, List<QualityRecord> sums) {
        ObjectNode json = JSON.createObjectNode().put("model", model);
        ArrayNode versions = json.putArray("versions");
        Map<Subject, ObjectNode> known = new LinkedHashMap<>();
        for (QualityRecord sum : sums) {
            ObjectNode version = known.computeIfAbsent(new Subject(sum.model(), sum.role()), subject -> {
                ObjectNode made = versions.addObject()
                        .put("version", sum.model().version())
                        .put("role", sum.role().text())
                        .put("label", sum.label())
                        .put("threshold", sum.threshold());
                made.putArray("windows");
                return made;
            });
            QualityFigures figures = QualityFigures.of(sum.counts(), sum.reference());
            QualityRecord.Window window = sum.window();
            ObjectNode one;
            if (window == null) {
                one = version.putObject("all");
            } else {
                one = ((ArrayNode) version.get("windows"))
                        .addObject()
                        .put("start", Timestamps.format(window.start()))
                        .put("seconds", window.length().toSeconds());
            }
            write(one, figures);
            one.put("updatedAt", Timestamps.format(sum.updatedAt()));
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    private static void write(ObjectNode json, QualityFigures figures) {
        json.put("predictions", figures.predictions())
                .put("known", figures.known())
                .put("positives", figures.positives())
                .put("dropped", figures.dropped());
        figure(json, "auc", figures.auc());
        figure(json, "aucError", figures.aucError());
        figure(json, "precision", figures.precision());
        figure(json, "recall", figures.recall());
        figure(json, "f1", figures.f1());
        figure(json, "brier", figures.brier());
        figure(json, "logLoss", figures.logLoss());
        figure(json, "ece", figures.ece());
        ArrayNode calibration = json.putArray("calibration");
        for (QualityFigures.Tenth tenth : figures.calibration()) {
            calibration
                    .addObject()
                    .put("from", tenth.from())
                    .put("known", tenth.known())
                    .put("positives", tenth.positives())
                    .put("meanScore", tenth.meanScore());
        }
        if (figures.score() != null) {
            ObjectNode drift = json.putObject("drift");
            drift(drift.putObject("score"), figures.score());
            ObjectNode features = drift.putObject("features");
            figures.features().forEach((name, distance) -> drift(features.putObject(name), distance));
        }
    }

    /** What cannot be told is left out. */
    private static void figure(ObjectNode json, String name, @Nullable Double value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void drift(ObjectNode json, Drift drift) {
        json.put("psi", drift.psi()).put("jensenShannon", drift.jensenShannon());
    }
}
