package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.train.config.TrainConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sentences about data, so that who trains on them sees what was understood, and what to do where it was nothing. */
public final class DataText {
    private static final int MOST_NAMES = 8;

    private DataText() {}

    /** How many of whom, from when to when, and what they are called. */
    public static String events(List<Event> events) {
        Set<UserKey> users = new HashSet<>();
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (Event event : events) {
            users.add(event.user());
            Instant time = event.times().event();
            first = time.isBefore(first) ? time : first;
            last = time.isAfter(last) ? time : last;
        }
        return String.format(
                Locale.ROOT,
                "%,d events of %,d users, %s to %s: %s",
                events.size(),
                users.size(),
                first,
                last,
                names(events));
    }

    private static String names(List<Event> events) {
        Map<String, Long> counts =
                events.stream().collect(Collectors.groupingBy(Observation::name, TreeMap::new, Collectors.counting()));
        String most = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_NAMES)
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        return counts.size() > MOST_NAMES ? most + ", and " + (counts.size() - MOST_NAMES) + " more names" : most;
    }

    /** How many, and how many positive. */
    public static String examples(Folds folds) {
        return part(folds.learnt()) + " to learn from"
                + (folds.byTime() ? ", " + part(folds.held()) + " to validate on" : "")
                + ", " + part(folds.test()) + " for the test";
    }

    private static String part(List<Example> examples) {
        return String.format(Locale.ROOT, "%,d examples (%,d positive)", examples.size(), positive(examples));
    }

    private static long positive(List<Example> examples) {
        return examples.stream().filter(Example::positive).count();
    }

    /** @throws IllegalArgumentException if a fold has examples of one kind only: nothing can be learnt or judged */
    public static void checkBothKinds(Folds folds, TrainConfig config) {
        for (List<Example> examples : List.of(folds.learnt(), folds.held(), folds.test())) {
            long positive = positive(examples);
            if (positive == 0 || positive == examples.size()) {
                throw new IllegalArgumentException(config.data().named() + ": given " + examples(folds)
                        + ", expected positive and negative ones in each; an example is positive if "
                        + OutcomeText.of(config.outcome()));
            }
        }
    }

    /** The dense inputs that never change in what is learnt from: a wrong name, most often. */
    public static List<String> constant(List<Example> examples) {
        List<String> constant = new ArrayList<>();
        int at = 0;
        for (Inputs.Slot slot : examples.get(0).inputs().slots()) {
            if (slot.width() == 1) {
                int place = at;
                float first = examples.get(0).inputs().values()[place];
                if (examples.stream().allMatch(example -> example.inputs().values()[place] == first)) {
                    constant.add(slot.name());
                }
            }
            at += slot.width();
        }
        return constant;
    }

    /** Why there is no example. */
    public static String noExamples(Manifest manifest, List<Event> events) {
        List<String> selected = manifest.selects().events();
        String within =
                OutcomeText.of(Objects.requireNonNull(manifest.outcome()).within());
        if (!selected.isEmpty() && events.stream().map(Observation::name).noneMatch(selected::contains)) {
            return "given " + events(events) + "; expected some of " + selected + ", which model.selects names";
        }
        Instant last = events.stream()
                .map(event -> event.times().event())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return "given " + events.size() + " events up to " + last
                + ", expected some that the model selects, more than model.outcome.within (" + within
                + ") before the last, so that their outcome is known";
    }
}
