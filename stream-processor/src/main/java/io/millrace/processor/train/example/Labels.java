package io.millrace.processor.train.example;

import io.millrace.identity.UserKey;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.processor.feature.OutcomeRule.Known;
import io.millrace.processor.feature.OutcomeRule.Open;
import io.millrace.processor.feature.OutcomeRule.Told;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of each event of the past whether its outcome came true, by the {@link OutcomeRule} that the stream's join applies
 * to each event as it comes, here to the user's later events at once. What reaches past the newest event of all is not known by anybody and has no label.
 */
final class Labels {
    /** An event that matters, and what it adds to a sum. */
    private record Telling(long time, double amount) {}

    private final OutcomeRule rule;
    private final Map<UserKey, List<Telling>> byUser = new HashMap<>();
    private long newest = Long.MIN_VALUE;

    Labels(OutcomeSpec outcome, List<Observation> events) {
        rule = new OutcomeRule(outcome);
        for (Observation o : events) {
            newest = Math.max(newest, o.time());
            if (rule.matches(o.name())) {
                byUser.computeIfAbsent(o.event().user(), user -> new ArrayList<>())
                        .add(new Telling(o.time(), rule.amount(o.event())));
            }
        }
        byUser.values().forEach(tellings -> tellings.sort(Comparator.comparingLong(Telling::time)));
    }

    /** Whether everything that could decide the event's label lies in the data. */
    boolean isKnown(Observation o) {
        return rule.isOver(o.time(), newest);
    }

    boolean isPositive(Observation o) {
        if (rule.isOwn()) {
            return rule.own(o.event());
        }
        List<Telling> tellings = byUser.getOrDefault(o.event().user(), List.of());
        Open told = Open.NOTHING;
        for (int i = after(tellings, o.time()); i < tellings.size(); i++) {
            Telling telling = tellings.get(i);
            if (rule.isOver(o.time(), telling.time() - 1)) {
                break;
            }
            Told next = rule.after(told, o.time(), telling.time(), telling.amount());
            if (next instanceof Known known) {
                return known.positive();
            }
            told = (Open) next;
        }
        return rule.whenOver(told);
    }

    /** The first that is later than the time. */
    private static int after(List<Telling> tellings, long time) {
        int low = 0;
        int high = tellings.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tellings.get(middle).time() > time) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
