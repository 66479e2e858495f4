package io.millrace.processor.train;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Synthetic users of a shop. */
final class Shoppers {
    static final Source SHOP = new Source("shop");
    static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    private Shoppers() {}

    /** In time order, one each two seconds. */
    static List<Event> events(int seconds, int users, long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int second = 0; second < seconds; second += 2) {
            int kind = random.nextInt(20);
            String name = kind == 0 ? "order_completed" : kind < 3 ? "product_added" : "product_viewed";
            events.add(event("u" + random.nextInt(users), name, second));
        }
        return events;
    }

    static Event event(String user, String name, int second) {
        return event(
                user, name, second, "{\"product_id\":\"p" + second % 7 + "\",\"price\":" + (second % 90 + 1) + "}");
    }

    static Event event(String user, String name, int second, String properties) {
        Instant time = START.plusSeconds(second);
        return new Event(
                new EventId(user + "-" + second + "-" + name),
                SHOP,
                user,
                null,
                EventKind.TRACK,
                name,
                JsonObject.of(properties),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
    }
}
