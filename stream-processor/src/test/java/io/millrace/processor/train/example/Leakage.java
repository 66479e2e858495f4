package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.EventId;
import io.millrace.prediction.Inputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds features that see the future: those of an example that change when what comes after it is removed, renamed, given
 * other properties or to other users. Labels may change, inputs never.
 */
final class Leakage {
    private Leakage() {}

    /**
     * The names of features that changed, and {@code sequence} where steps did.
     *
     * @param events in time order, no two at the same time
     * @param build what makes examples of events, whatever their outcome
     */
    static Set<String> of(List<Event> events, Function<List<Event>, List<Example>> build, Random random) {
        Map<EventId, Inputs> whole = inputs(build.apply(events));
        Set<String> leaking = new TreeSet<>();
        for (int round = 0; round < 12; round++) {
            int cut = 1 + random.nextInt(events.size() - 1);
            List<Event> other = new ArrayList<>(events.subList(0, cut));
            for (Event event : events.subList(cut, events.size())) {
                if (round % 3 != 0) {
                    other.add(altered(event, random));
                }
            }
            // However little is left, its outcomes are known.
            other.add(Shoppers.event("somebody", "end", 10_000_000, "{}"));
            Set<EventId> past = new HashSet<>();
            events.subList(0, cut).forEach(event -> past.add(event.id()));
            inputs(build.apply(other)).forEach((id, inputs) -> {
                Inputs before = whole.get(id);
                if (past.contains(id) && before != null) {
                    compare(before, inputs, leaking);
                }
            });
        }
        return leaking;
    }

    private static Event altered(Event event, Random random) {
        int second = (int) (event.times().event().getEpochSecond() - Shoppers.START.getEpochSecond());
        String[] names = {"product_viewed", "product_added", "order_completed", "session_started"};
        return Shoppers.event(
                "u" + random.nextInt(60),
                names[random.nextInt(names.length)],
                second,
                "{\"product_id\":\"q" + random.nextInt(99) + "\",\"price\":" + random.nextInt(5000) + "}");
    }

    private static Map<EventId, Inputs> inputs(List<Example> examples) {
        Map<EventId, Inputs> inputs = new HashMap<>();
        examples.forEach(example -> inputs.put(example.event().id(), example.inputs()));
        return inputs;
    }

    private static void compare(Inputs before, Inputs after, Set<String> leaking) {
        int at = 0;
        for (Inputs.Slot slot : before.slots()) {
            for (int i = 0; i < slot.width(); i++, at++) {
                if (Float.floatToRawIntBits(before.values()[at]) != Float.floatToRawIntBits(after.values()[at])) {
                    leaking.add(slot.name());
                }
            }
        }
        if (!Objects.equals(before.sequence(), after.sequence())) {
            leaking.add("sequence");
        }
    }
}
