package io.millrace.standalone.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients sent and were told, what stands on the topics, and what is in the store. Memory grows with the events, by about
 * 400 bytes each with its prediction: a million in half a gigabyte. Rows are not kept. Not thread-safe.
 */
final class History {
    private final Map<String, Fate> byId = new LinkedHashMap<>();
    private final Map<UUID, Predicted> byPrediction = new HashMap<>();
    private final List<Predicted> predictions = new ArrayList<>();
    private final Map<String, List<String>> selectedBy = new HashMap<>();
    private final List<Finding> strays = new ArrayList<>();
    private final List<Finding> strayRows = new ArrayList<>();
    private long strayCount;
    private long requests;
    private long attempts;
    private long records;
    private long rows;
    private long deadLetters;

    /** What was seen while reading. */
    record Finding(Violation violation, String example) {}

    /** A row of the store. */
    record Row(UUID id, String event, long fingerprint) {}

    void sent(Fate event) {
        byId.put(event.id, event);
    }

    void request() {
        requests++;
    }

    void attempt() {
        attempts++;
    }

    @Nullable
    Fate event(String id) {
        return byId.get(id);
    }

    /** A live main model selects events of these names. */
    void selects(String model, List<String> names) {
        names.forEach(name ->
                selectedBy.computeIfAbsent(name, unused -> new ArrayList<>()).add(model));
    }

    boolean knowsModels() {
        return !selectedBy.isEmpty();
    }

    List<String> modelsOf(String name) {
        return selectedBy.getOrDefault(name, List.of());
    }

    /** A record on a topic of events. */
    void published(String id, String user, String name, int layout, int partition, long offset) {
        records++;
        Fate event = byId.get(id);
        if (event == null) {
            stray(Violation.NEVER_SENT, "event " + id + " at " + partition + "/" + offset + " of layout " + layout);
            return;
        }
        event.published(layout, offset);
        if (!event.user.equals(user) || !event.name.equals(name)) {
            stray(
                    Violation.CHANGED,
                    "event " + id + ": sent as " + event.name + " of " + event.user + ", is " + name + " of " + user);
        }
    }

    /** A record on predictions. */
    void predicted(
            UUID id,
            String eventId,
            String user,
            String model,
            int partition,
            long offset,
            long featureTime,
            long fingerprint,
            int counted) {
        Fate event = byId.get(eventId);
        if (event == null) {
            stray(
                    Violation.NEVER_SENT,
                    "prediction " + id + " of event " + eventId + " at " + partition + "/" + offset);
            return;
        }
        Predicted prediction = new Predicted(id, event, model, partition, offset, featureTime, fingerprint, counted);
        predictions.add(prediction);
        event.predicted(prediction);
        byPrediction.putIfAbsent(id, prediction);
        if (!event.user.equals(user)) {
            stray(Violation.CHANGED, "prediction of " + eventId + ": sent for " + event.user + ", is of " + user);
        }
    }

    void deadLetter() {
        deadLetters++;
    }

    /** Before the rows are read, again too. */
    void forgetRows() {
        rows = 0;
        strayRows.clear();
        predictions.forEach(prediction -> {
            prediction.rows = 0;
            prediction.rowDiffers = false;
        });
    }

    void stored(Row row) {
        rows++;
        Predicted prediction = byPrediction.get(row.id());
        if (prediction == null) {
            strayRows.add(new Finding(Violation.STORED_ONLY, "row " + row.id() + " of event " + row.event()));
            return;
        }
        prediction.rows++;
        prediction.rowDiffers |= prediction.fingerprint != row.fingerprint();
    }

    private void stray(Violation violation, String example) {
        strayCount++;
        strays.add(new Finding(violation, example));
    }

    Iterable<Fate> events() {
        return byId.values();
    }

    List<Predicted> predictions() {
        return predictions;
    }

    /** One for each id: a prediction that is on the topic twice has one row all the same. */
    Iterable<Predicted> distinctPredictions() {
        return byPrediction.values();
    }

    List<Finding> findings() {
        List<Finding> all = new ArrayList<>(strays);
        all.addAll(strayRows);
        return all;
    }

    /** Grows with everything that is read. */
    long seen() {
        return records + predictions.size() + strayCount + rows;
    }

    void count(Verdict verdict) {
        long acknowledged =
                byId.values().stream().filter(event -> event.acknowledged).count();
        verdict.count("1 requests", requests);
        verdict.count("2 attempts of them", attempts);
        verdict.count("3 events sent", byId.size());
        verdict.count("4 events acknowledged", acknowledged);
        verdict.count("5 records on topics of events", records);
        verdict.count("6 predictions", predictions.size() + strayCount);
        verdict.count("7 rows in the store", rows);
        verdict.count("8 dead letters", deadLetters);
    }
}
