package io.millrace.standalone.chaos.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a history to what is promised. Pure. */
final class Judge {
    private Judge() {}

    /** @param stored whether the rows were read */
    static Verdict judge(History history, boolean stored) {
        Verdict verdict = new Verdict();
        history.count(verdict);
        history.findings().forEach(finding -> verdict.found(finding.violation(), finding.example()));
        history.events().forEach(event -> event(history, event, verdict));
        if (stored) {
            history.distinctPredictions().forEach(prediction -> stored(prediction, verdict));
        }
        order(history, verdict);
        return verdict;
    }

    private static void event(History history, Fate event, Verdict verdict) {
        if (event.acknowledged && event.records == 0) {
            verdict.found(Violation.LOST, event.id + " of " + event.user);
        }
        List<String> models = history.modelsOf(event.name);
        Map<String, Integer> times = new HashMap<>();
        event.predictions.forEach(prediction -> times.merge(prediction.model, 1, Integer::sum));
        for (String model : models) {
            if (event.acknowledged && event.records > 0 && !times.containsKey(model)) {
                verdict.found(
                        Violation.NOT_SCORED,
                        event.id + " (" + event.name + ") of " + event.user + " by " + model + "; " + event.records
                                + " records, the first at offset " + event.firstOffset + " of layout " + event.layout);
            }
        }
        times.forEach((model, number) -> {
            if (!models.contains(model)) {
                verdict.found(Violation.NOT_SELECTED, event.id + " (" + event.name + ") by " + model);
            }
            if (number > 1) {
                verdict.found(
                        event.acknowledged ? Violation.SCORED_TWICE : Violation.UNACKNOWLEDGED_TWICE,
                        event.id + " by " + model + " " + number + " times: " + places(event));
            }
        });
    }

    private static String places(Fate event) {
        List<String> places = new ArrayList<>();
        event.predictions.forEach(prediction -> places.add(prediction.partition + "/" + prediction.offset));
        return String.join(", ", places);
    }

    private static void stored(Predicted prediction, Verdict verdict) {
        String example = "prediction " + prediction.id + " of event " + prediction.event.id + " at "
                + prediction.partition + "/" + prediction.offset;
        if (prediction.rows == 0) {
            verdict.found(Violation.NOT_STORED, example);
        } else if (prediction.rows > 1) {
            verdict.found(Violation.STORED_TWICE, example + ": " + prediction.rows + " rows");
        }
        if (prediction.rowDiffers) {
            verdict.found(Violation.STORED_DIFFERENTLY, example);
        }
    }

    private record Line(String user, String model) {}

    private static void order(History history, Verdict verdict) {
        Map<Line, List<Predicted>> lines = new HashMap<>();
        for (Predicted prediction : history.predictions()) {
            lines.computeIfAbsent(new Line(prediction.event.user, prediction.model), unused -> new ArrayList<>())
                    .add(prediction);
        }
        for (List<Predicted> line : lines.values()) {
            line.sort(Comparator.comparingLong(prediction -> prediction.offset));
            order(line, verdict);
            counted(line, verdict);
        }
    }

    /** A user's predictions by one model, as they stand on their one partition, against the order of the client. */
    private static void order(List<Predicted> line, Verdict verdict) {
        Set<String> seen = new HashSet<>();
        Predicted last = null;
        for (Predicted prediction : line) {
            if (!seen.add(prediction.event.id)) {
                continue; // twice; told elsewhere
            }
            if (last != null && !inOrder(last, prediction)) {
                verdict.found(
                        Violation.OUT_OF_ORDER,
                        prediction.event.id + " at " + prediction.partition + "/" + prediction.offset + " after "
                                + last.event.id + " at " + last.partition + "/" + last.offset + " of "
                                + prediction.event.user);
            }
            last = prediction;
        }
    }

    private static boolean inOrder(Predicted first, Predicted next) {
        Fate a = first.event;
        Fate b = next.event;
        if (first.partition != next.partition) {
            return false;
        }
        // On one topic of events what came first counts, whatever its client had in mind.
        boolean sameTopic = a.layout == b.layout && a.layout > 0;
        if (sameTopic && a.firstOffset > b.firstOffset) {
            return false;
        }
        if (a.request != b.request) {
            return a.request < b.request;
        }
        // Of a request that failed a part may have been taken; the rest comes behind it when it is sent again.
        return a.place < b.place || b.retried;
    }

    /** What a feature says that counts the user's events so far: state that was lost, or applied twice, shows here. */
    private static void counted(List<Predicted> line, Verdict verdict) {
        long newest = Long.MIN_VALUE;
        int count = 0;
        Set<String> seen = new HashSet<>();
        for (Predicted prediction : line) {
            if (!seen.add(prediction.event.id)) {
                continue;
            }
            if (prediction.counted < 0 || prediction.featureTime < newest) {
                return; // not in the order of time: what counts then is not for us to say
            }
            newest = prediction.featureTime;
            count += prediction.event.name.equals(Counting.EVENT) ? 1 : 0;
            if (prediction.counted != count) {
                verdict.found(
                        Violation.MISCOUNTED,
                        prediction.event.id + " of " + prediction.event.user + ": counts " + prediction.counted + " of "
                                + Counting.EVENT + ", expected " + count);
                return;
            }
        }
    }
}
