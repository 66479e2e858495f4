package io.millrace.processor.train;

import io.millrace.identity.UserKey;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.OutcomeRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of each event of the past whether its outcome came true, by what came strictly later and at most {@code within}
 * later. What reaches past the newest event of all is not known by anybody and has no label.
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
                double amount = rule.isSum() ? rule.amount(o.event()) : 0;
                byUser.computeIfAbsent(o.event().user(), user -> new ArrayList<>())
                        .add(new Telling(o.time(), amount));
            }
        }
        byUser.values().forEach(tellings -> tellings.sort(Comparator.comparingLong(Telling::time)));
    }

    /** Whether everything that could decide the event's label lies in the data. */
    boolean isKnown(Observation o) {
        return o.time() <= newest - rule.within();
    }

    boolean isPositive(Observation o) {
        if (rule.isOwn()) {
            return rule.own(o.event());
        }
        List<Telling> tellings = byUser.getOrDefault(o.event().user(), List.of());
        double sum = 0;
        for (int i = after(tellings, o.time()); i < tellings.size(); i++) {
            Telling telling = tellings.get(i);
            if (telling.time() - o.time() > rule.within()) {
                break;
            }
            if (!rule.isSum()) {
                return rule.whenSeen();
            }
            sum += telling.amount();
        }
        return rule.whenOver(sum);
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
