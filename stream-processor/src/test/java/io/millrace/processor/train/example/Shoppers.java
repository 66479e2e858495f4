package io.millrace.processor.train.example;

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
public final class Shoppers {
    public static final Source SHOP = new Source("shop");
    public static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    /** A configuration with every kind of feature but a vector, and a sequence. */
    public static final String EVERY_FEATURE = """
            model:
              name: every
              version: "1"
              selects: {events: [product_viewed, product_added]}
              features:
                - {name: views, type: count, events: [product_viewed], window: 30m}
                - {name: events, type: count, window: 7d}
                - {name: spend, type: aggregate, function: sum, property: price, events: [order_completed], window: 1h}
                - {name: mean, type: aggregate, function: mean, property: price, window: 10m}
                - {name: least, type: aggregate, function: min, property: price, window: 10m}
                - {name: most, type: aggregate, function: max, property: price, window: 10m}
                - {name: products, type: distinct, property: product_id, window: 1h}
                - {name: since_order, type: recency, events: [order_completed], horizon: 1h}
                - {name: gap, type: gap, window: 1h}
                - {name: share, type: ratio, numerator: views, denominator: events}
                - {name: price, type: property, property: price}
                - {name: is_added, type: property, property: $name, equals: product_added}
                - {name: is_member, type: trait, trait: plan, equals: member}
                - {name: hour, type: cyclic, cycle: day, part: sin}
              sequence:
                length: 8
                features: [{name: step_price, type: property, property: price}]
                sinceLast: step_gap
              output: {activation: sigmoid}
              label: purchase
              outcome: {type: event, events: [order_completed], within: 5m}
              provenance: {trainedOn: synthetic shoppers, licence: Apache-2.0}
              inputs: [features, sequence]
            data: {files: [events.ndjson], format: ndjson, source: shop}
            split: {test: 0.3, validation: 0.2}
            fit: {hidden: [4], recurrent: {cell: gru, units: 4}, epochs: 2}
            card: {purpose: none, limits: [], command: none}
            """;

    private Shoppers() {}

    /** In time order, one each two seconds. */
    public static List<Event> events(int seconds, int users, long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int second = 0; second < seconds; second += 2) {
            int kind = random.nextInt(20);
            String name = kind == 0 ? "order_completed" : kind < 3 ? "product_added" : "product_viewed";
            events.add(event("u" + random.nextInt(users), name, second));
        }
        return events;
    }

    public static Event event(String user, String name, int second) {
        return event(
                user, name, second, "{\"product_id\":\"p" + second % 7 + "\",\"price\":" + (second % 90 + 1) + "}");
    }

    /** The user says that it is a member, or no more. */
    public static Event identify(String user, int second, boolean member) {
        Event event = event(user, "identify", second, "{}");
        return new Event(
                event.id(),
                SHOP,
                user,
                null,
                EventKind.IDENTIFY,
                null,
                JsonObject.EMPTY,
                JsonObject.of("{\"plan\":\"" + (member ? "member" : "none") + "\"}"),
                JsonObject.EMPTY,
                event.times());
    }

    public static Event event(String user, String name, int second, String properties) {
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
