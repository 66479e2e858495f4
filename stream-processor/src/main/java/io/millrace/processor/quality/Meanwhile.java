package io.millrace.processor.quality;

import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that came while predictions waited for their batch, of each user in the order they came: so an outcome is the
 * same however events fall into batches. Bounded by what may wait. Belongs to one thread.
 */
final class Meanwhile {
    /** Beyond it a cleared map is slower than a new one. */
    private static final int MANY = 64;

    /** What was known of a user when an event came that was not its newest. */
    record Before(long newest, byte[] open) {}

    private static final class Came {
        final List<Event> events = new ArrayList<>(2);
        /** Of the event asked for last: predictions are made in the order of their events. */
        int at;
    }

    private Map<Object, Came> byUser = new HashMap<>();
    private IdentityHashMap<Event, Before> late = new IdentityHashMap<>();

    void came(Event event) {
        byUser.computeIfAbsent(event.user(), unused -> new Came()).events.add(event);
    }

    void cameLate(Event event, Before before) {
        late.put(event, before);
    }

    /** The user's events that came after this one, which is the very object that came. */
    @SuppressWarnings("ReferenceEquality")
    List<Event> since(Event event) {
        Came came = byUser.get(event.user());
        if (came == null) {
            return List.of();
        }
        List<Event> events = came.events;
        for (int i = came.at; i < events.size(); i++) {
            if (events.get(i) == event) {
                came.at = i;
                return events.subList(i + 1, events.size());
            }
        }
        throw new IllegalStateException("a prediction of an event that did not come, or out of order");
    }

    /** Null where it was its user's newest. */
    @Nullable
    Before before(Event event) {
        return late.get(event);
    }

    void clear() {
        if (byUser.size() > MANY) {
            byUser = new HashMap<>();
        } else {
            byUser.clear();
        }
        if (late.size() > MANY) {
            late = new IdentityHashMap<>();
        } else {
            late.clear();
        }
    }
}
