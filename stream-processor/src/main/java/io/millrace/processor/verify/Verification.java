package io.millrace.processor.verify;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.verify.Rescoring.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Demands of stored predictions that they are what their models say of their inputs: score, threshold, label and id. A score
 * is scored again with the registered artifact of the very sha256 that the prediction names, and must be the same bit for
 * bit, which it is on the same kind of CPU, or within a tolerance. Loads one version at a time. Belongs to one thread.
 */
public final class Verification {
    private record Version(ModelVersion model, Sha256 sha256) {}

    private final Catalog catalog;
    private final ModelLimits limits;
    private final double tolerance;

    /** @param tolerance for a score up to 1 in size, and its share of a larger one, whose float32 is coarser */
    public Verification(Catalog catalog, ModelLimits limits, double tolerance) {
        this.catalog = catalog;
        this.limits = limits;
        this.tolerance = tolerance;
    }

    /**
     * Verifies.
     *
     * @param done is told how many more predictions are done
     * @return by the versions' names
     */
    public List<VersionReport> run(List<StoredPrediction> predictions, IntConsumer done) {
        Map<Version, List<StoredPrediction>> byVersion = new TreeMap<>(
                Comparator.comparing((Version version) -> version.model().name())
                        .thenComparing(version -> version.model().version())
                        .thenComparing(version -> version.sha256().hex()));
        for (StoredPrediction stored : predictions) {
            Version version =
                    new Version(stored.prediction().model(), stored.prediction().sha256());
            byVersion.computeIfAbsent(version, unused -> new ArrayList<>()).add(stored);
        }
        List<VersionReport> reports = new ArrayList<>();
        byVersion.forEach((version, some) -> reports.add(verify(version, some, done)));
        return reports;
    }

    private VersionReport verify(Version version, List<StoredPrediction> predictions, IntConsumer done) {
        RegisteredVersion registered = catalog.content().versions().get(version.model());
        if (registered == null) {
            return without(version, predictions, "it is not registered any more", done);
        }
        Sha256 there = registered.manifest().sha256();
        if (!there.equals(version.sha256())) {
            return without(
                    version,
                    predictions,
                    "its artifact is gone: the version is registered with sha256 " + there + ", expected "
                            + version.sha256(),
                    done);
        }
        try (LoadedModel model = LoadedModel.load(catalog.files(version.model()), limits);
                Scorer scorer = model.newScorer()) {
            return new Checks(model.manifest(), predictions).report(version, scorer, done);
        } catch (ModelRefusedException | ModelFailedException e) {
            return without(version, predictions, String.valueOf(e.getMessage()), done);
        }
    }

    private static VersionReport without(
            Version version, List<StoredPrediction> predictions, String why, IntConsumer done) {
        done.accept(predictions.size());
        return new VersionReport(version.model(), version.sha256(), predictions.size(), 0, 0, List.of(), 0, why);
    }

    /** Of one version's predictions. */
    private final class Checks {
        private final Manifest manifest;
        private final List<StoredPrediction> predictions;
        private final List<StoredPrediction> scored = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();
        private final List<Difference> differing = new ArrayList<>();

        Checks(Manifest manifest, List<StoredPrediction> predictions) {
            this.manifest = manifest;
            this.predictions = predictions;
        }

        VersionReport report(Version version, Scorer scorer, IntConsumer done) throws ModelFailedException {
            TensorOrder order = new TensorOrder(manifest);
            for (StoredPrediction stored : predictions) {
                String problem = prepare(stored, order);
                if (problem != null) {
                    differing.add(new Difference(stored, problem));
                    done.accept(1);
                }
            }
            new Rescoring(scorer, limits.buckets()).score(rows, done);
            int equal = 0;
            int close = 0;
            double largest = 0;
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                largest = Math.max(largest, Math.abs((double) row.nearest - row.stored));
                String problem = problem(scored.get(i).prediction(), row);
                if (problem != null) {
                    differing.add(new Difference(scored.get(i), problem));
                } else if (row.isEqual()) {
                    equal++;
                } else {
                    close++;
                }
            }
            return new VersionReport(
                    version.model(), version.sha256(), predictions.size(), equal, close, differing, largest, null);
        }

        private @Nullable String prepare(StoredPrediction stored, TensorOrder order) {
            Inputs inputs;
            try {
                inputs = PredictionCodec.decode(PredictionCodec.encode(stored)).inputs();
            } catch (DecodeException e) {
                return "its inputs are none: " + e.getMessage();
            }
            String problem = order.problem(inputs);
            if (problem == null) {
                scored.add(stored);
                rows.add(new Row(order.arrange(inputs), stored.prediction().score()));
            }
            return problem;
        }

        private @Nullable String problem(Prediction stored, Row row) {
            double distance = Math.abs((double) row.nearest - row.stored);
            // Also where it is not a number.
            if (!(distance <= tolerance * Math.max(1, Math.abs(row.stored)))) {
                return "score: stored " + row.stored + ", expected " + row.nearest;
            }
            if (Float.compare(stored.threshold(), manifest.threshold()) != 0) {
                return "threshold: stored " + stored.threshold() + ", expected " + manifest.threshold();
            }
            String label = manifest.labelOf(stored.score());
            if (!stored.label().equals(label)) {
                return "label: stored \"" + stored.label() + "\", expected \"" + label + "\"";
            }
            PredictionId id = PredictionId.of(stored.source(), stored.eventId(), stored.model());
            return stored.id().equals(id) ? null : "id: stored " + stored.id() + ", expected " + id;
        }
    }
}
