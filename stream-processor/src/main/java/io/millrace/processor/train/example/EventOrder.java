package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.UserKey;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.train.config.TrainConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which events are replayed, and which of them count.
 *
 * @param byTime whether they are sorted by time first
 * @param lateness how much older than its user's newest event an event may be and still change the features
 */
public record EventOrder(boolean byTime, Duration lateness) {
    /** The memory of the stream for ids. */
    private static final Duration SEEN = Duration.ofHours(24);

    /** Of files: nobody knows when their events would have come in, so each comes when it happened. */
    public static final EventOrder OF_FILES = new EventOrder(true, Duration.ZERO);

    /** Of what a configuration names. */
    public static EventOrder of(TrainConfig.Data data) {
        return data.topic() == null ? OF_FILES : ofTopic(data.topic().lateness());
    }

    /** Of a topic: as they came in, so that what came late to the stream comes late here. */
    public static EventOrder ofTopic(Duration lateness) {
        return new EventOrder(false, lateness);
    }

    List<Observation> order(List<Observation> events) {
        return byTime
                ? events.stream()
                        .sorted(Comparator.comparingLong(Observation::time))
                        .toList()
                : events;
    }

    /** Of a topic, without the events that the stream had seen before and so scores once. */
    List<Event> once(List<Event> events) {
        if (byTime) {
            return events;
        }
        Map<UserKey, Map<String, Instant>> seen = new HashMap<>();
        List<Event> once = new ArrayList<>();
        for (Event event : events) {
            Instant received = event.times().received();
            Instant before = seen.computeIfAbsent(event.user(), user -> new HashMap<>())
                    .get(event.id().value());
            if (before == null || !before.isAfter(received.minus(SEEN))) {
                seen.get(event.user()).put(event.id().value(), received);
                once.add(event);
            }
        }
        return once;
    }
}
