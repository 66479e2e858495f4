package io.millrace.processor.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.identity.UserKey;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.HeldExamples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a report tells examples apart by. */
final class Dimensions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PLACES =
            List.of("1st", "2nd", "3rd to 5th", "6th to 10th", "11th to 20th", "later");
    private static final int[] LAST_OF_PLACE = {1, 2, 5, 10, 20};
    private static final String ABSENT = "(none)";

    private Dimensions() {}

    /** All that have two values or more. */
    static List<Judged.Dimension> of(HeldExamples held, Questions questions) {
        List<Judged.Dimension> dimensions = new ArrayList<>();
        List<Example> judged = held.judged();
        dimensions.add(new Judged.Dimension("Position in the session", places(held, questions.session()), PLACES));
        dimensions.add(new Judged.Dimension(
                "Event", judged.stream().map(each -> name(each.event())).toList(), List.of()));
        if (!held.known().isEmpty()) {
            List<String> known = judged.stream()
                    .map(each -> held.known().contains(each.user()) ? "seen in training" : "new to the model")
                    .toList();
            dimensions.add(new Judged.Dimension("User", known, List.of()));
        }
        for (String property : questions.segments()) {
            List<String> values = judged.stream()
                    .map(each -> property(each.event(), property))
                    .toList();
            dimensions.add(new Judged.Dimension(property, values, List.of()));
        }
        dimensions.removeIf(dimension -> dimension.values().stream().distinct().count() < 2);
        return List.copyOf(dimensions);
    }

    /** How many of the user's scored events the session has had, this one included. */
    private static List<String> places(HeldExamples held, Duration gap) {
        Map<UserKey, Long> lastTimes = new HashMap<>();
        Map<UserKey, Integer> counts = new HashMap<>();
        IdentityHashMap<Example, String> places = new IdentityHashMap<>();
        for (Example example : held.all()) {
            Long before = lastTimes.put(example.user(), example.time());
            boolean same = before != null && example.time() - before <= gap.toMillis();
            int count = counts.merge(example.user(), 1, (old, one) -> same ? old + one : one);
            places.put(example, place(count));
        }
        return held.judged().stream()
                .map(example -> Objects.requireNonNull(places.get(example)))
                .toList();
    }

    private static String place(int count) {
        int place = 0;
        while (place < LAST_OF_PLACE.length && count > LAST_OF_PLACE[place]) {
            place++;
        }
        return PLACES.get(place);
    }

    private static String name(Event event) {
        String name = event.name();
        return event.kind() == EventKind.TRACK && name != null
                ? name
                : "$" + event.kind().text();
    }

    private static String property(Event event, String property) {
        try {
            JsonNode value = JSON.readTree(
                            event.properties().array(),
                            event.properties().offset(),
                            event.properties().length())
                    .path(property);
            return value.isValueNode() && !value.isNull() ? value.asText() : ABSENT;
        } catch (IOException e) {
            throw new UncheckedIOException("properties of event " + event.id(), e);
        }
    }
}
