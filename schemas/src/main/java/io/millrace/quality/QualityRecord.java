package io.millrace.quality;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Reference;
import io.millrace.prediction.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one partition's task has counted of a model version so far, on topic model-quality and in the store; the next one of
 * the same {@link #key} replaces it. Readers add the counts of all partitions and then compute {@link QualityFigures}.
 *
 * @param model name and version
 * @param role that the predictions had
 * @param window by the predictions' event time; null for all of them since the version first scored
 * @param partition of user-events
 * @param label what a high score says
 * @param threshold at or above which the label holds
 * @param reference that the bins are of, or null where the model has none
 * @param counts so far
 * @param updatedAt when, by the processor's clock
 */
public record QualityRecord(
        ModelVersion model,
        Role role,
        @Nullable Window window,
        int partition,
        String label,
        float threshold,
        @Nullable Reference reference,
        QualityCounts counts,
        Instant updatedAt) {

    /** From its start, included, for so long. */
    public record Window(Instant start, Duration length) {
        public Window {
            Objects.requireNonNull(start, "window.start");
            Objects.requireNonNull(length, "window.length");
        }
    }

    public QualityRecord {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** Counts with a reference's bins, or without. */
    public static QualityCounts counts(@Nullable Reference reference) {
        return reference == null
                ? new QualityCounts(0)
                : new QualityCounts(
                        reference.score().shares().size(),
                        reference.features().values().stream()
                                .mapToInt(bins -> bins.shares().size())
                                .toArray());
    }

    /** Of the record: {@code name/version/role/window/partition}, where the window is its start or {@code all}. */
    public String key() {
        return model.name()
                + '/'
                + model.version()
                + '/'
                + role.text()
                + '/'
                + (window == null ? "all" : window.start().toString())
                + '/'
                + partition;
    }
}
