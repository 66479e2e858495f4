package io.millrace.processor.quality;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import io.millrace.quality.Drift;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest figures of each version and role, for {@code /metrics}: over this instance's partitions, over all time and in
 * the newest window that has enough to tell. Labels are bounded: a version that scores no more goes when its last outcomes
 * are known, and features come from operators. Thread-safe.
 */
final class QualityBoard {
    /** Fewer predictions, or known outcomes, make figures of chance. */
    static final long ENOUGH = 100;

    /** Kept of a version and role, those that changed last: the window of now, and those whose outcomes come in now. */
    private static final int MOST_WINDOWS = 8;

    private record Subject(ModelVersion model, Role role) {}

    private final Map<Subject, Map<Long, Map<Integer, QualityRecord>>> records = new HashMap<>();
    private final MultiGauge labelled;
    private final MultiGauge figures;
    private final MultiGauge scoreDrift;
    private final MultiGauge featureDrift;

    QualityBoard(MeterRegistry registry) {
        labelled = MultiGauge.builder("millrace.model.outcomes")
                .description("Predictions whose outcome is known")
                .register(registry);
        figures = MultiGauge.builder("millrace.model.quality")
                .description("Figures of a version's predictions against their outcomes")
                .register(registry);
        scoreDrift = MultiGauge.builder("millrace.model.score.drift")
                .description("Distance of the scores' distribution from training")
                .register(registry);
        featureDrift = MultiGauge.builder("millrace.model.feature.drift")
                .description("Distance of a feature's distribution from training")
                .register(registry);
    }

    synchronized void put(QualityRecord record) {
        QualityRecord.Window window = record.window();
        long start = window == null ? Tally.ALL : window.start().toEpochMilli();
        Map<Long, Map<Integer, QualityRecord>> windows =
                records.computeIfAbsent(new Subject(record.model(), record.role()), unused -> new LinkedHashMap<>());
        Map<Integer, QualityRecord> parts = windows.remove(start);
        Map<Integer, QualityRecord> changed = parts == null ? new HashMap<>() : parts;
        changed.put(record.partition(), record);
        windows.put(start, changed);
        if (windows.size() > MOST_WINDOWS) {
            windows.keySet().stream()
                    .filter(one -> one != Tally.ALL)
                    .findFirst()
                    .ifPresent(windows::remove);
        }
    }

    /** The partition has gone to another instance. */
    synchronized void remove(int partition) {
        records.values().forEach(windows -> windows.values().forEach(parts -> parts.remove(partition)));
    }

    /** Keeps these versions, and of others what has changed since. */
    synchronized void retain(Set<ModelVersion> versions, Instant since) {
        records.entrySet()
                .removeIf(subject -> !versions.contains(subject.getKey().model())
                        && subject.getValue().values().stream()
                                .flatMap(parts -> parts.values().stream())
                                .noneMatch(record -> record.updatedAt().isAfter(since)));
    }

    /** Makes the rows anew; not to be called more often than every few seconds. */
    synchronized void refresh() {
        List<Row<?>> counts = new ArrayList<>();
        List<Row<?>> values = new ArrayList<>();
        List<Row<?>> scores = new ArrayList<>();
        List<Row<?>> features = new ArrayList<>();
        records.forEach((subject, windows) -> {
            QualityFigures all = sum(windows.get(Tally.ALL));
            QualityFigures judged = newest(windows, true);
            QualityFigures seen = newest(windows, false);
            rows(subject, "all", all, all, counts, values, scores, features);
            rows(subject, "latest", judged, seen, counts, values, scores, features);
        });
        labelled.register(counts, true);
        figures.register(values, true);
        scoreDrift.register(scores, true);
        featureDrift.register(features, true);
    }

    private static void rows(
            Subject subject,
            String window,
            @Nullable QualityFigures judged,
            @Nullable QualityFigures seen,
            List<Row<?>> counts,
            List<Row<?>> values,
            List<Row<?>> scores,
            List<Row<?>> features) {
        Tags tags = Tags.of(
                "model",
                subject.model().name(),
                "version",
                subject.model().version(),
                "role",
                subject.role().text(),
                "window",
                window);
        if (judged != null) {
            counts.add(Row.of(tags, judged.known()));
            figure(values, tags, "auc", judged.auc());
            figure(values, tags, "precision", judged.precision());
            figure(values, tags, "recall", judged.recall());
            figure(values, tags, "f1", judged.f1());
            figure(values, tags, "brier", judged.brier());
            figure(values, tags, "log_loss", judged.logLoss());
            figure(values, tags, "ece", judged.ece());
        }
        if (seen != null) {
            drift(scores, tags, seen.score());
            seen.features().forEach((name, drift) -> drift(features, tags.and("feature", name), drift));
        }
    }

    /** What cannot be told yet is no number, so that the meter is there from the first prediction on. */
    private static void figure(List<Row<?>> rows, Tags tags, String name, @Nullable Double value) {
        rows.add(Row.of(tags.and("figure", name), value == null ? Double.NaN : value));
    }

    private static void drift(List<Row<?>> rows, Tags tags, @Nullable Drift drift) {
        if (drift != null) {
            rows.add(Row.of(tags.and("distance", "psi"), drift.psi()));
            rows.add(Row.of(tags.and("distance", "jensen_shannon"), drift.jensenShannon()));
        }
    }

    private static @Nullable QualityFigures newest(Map<Long, Map<Integer, QualityRecord>> windows, boolean judged) {
        for (Map.Entry<Long, Map<Integer, QualityRecord>> window :
                new TreeMap<>(windows).descendingMap().entrySet()) {
            QualityFigures sum = window.getKey() == Tally.ALL ? null : sum(window.getValue());
            if (sum != null && (judged ? sum.known() : sum.predictions()) >= ENOUGH) {
                return sum;
            }
        }
        return null;
    }

    private static @Nullable QualityFigures sum(@Nullable Map<Integer, QualityRecord> parts) {
        if (parts == null || parts.isEmpty()) {
            return null;
        }
        QualityRecord first = parts.values().iterator().next();
        QualityCounts sum = QualityRecord.counts(first.reference());
        parts.values().forEach(part -> sum.add(part.counts()));
        return QualityFigures.of(sum, first.reference());
    }
}
