package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes one user's events in order of arrival: in time, late, too late, at one time, ahead of their receipt. */
final class RandomEvents {
    private final Random random;
    private final long scale;
    private final Duration lateness;
    private Instant newest = Samples.MONDAY;

    RandomEvents(Random random, Duration scale, Duration lateness) {
        this.random = random;
        this.scale = scale.toMillis();
        this.lateness = lateness;
    }

    Event next() {
        Instant time = switch (random.nextInt(6)) {
            case 0 -> newest;
            case 1 -> newest.minusMillis(between(2 * lateness.toMillis() + scale));
            case 2 -> newest.minusMillis(between(scale));
            default -> newest.plusMillis(between(random.nextInt(10) == 0 ? scale : scale / 20));
        };
        newest = time.isAfter(newest) ? time : newest;
        Instant received = random.nextInt(20) == 0 ? time.minusMillis(between(scale)) : time;
        EventKind kind = one(EventKind.TRACK, EventKind.TRACK, EventKind.TRACK, EventKind.IDENTIFY, EventKind.PAGE);
        return Samples.event(kind, one("viewed", "bought", "other"), time, received, properties(), "{}");
    }

    private long between(long most) {
        return (long) (random.nextDouble() * most);
    }

    private String properties() {
        List<String> fields = new ArrayList<>();
        add(
                fields,
                "price",
                one("12", "0.25", "-3.5", "\"12\"", "null", "1e999", "3e38", "-0.0", "true", "[1]", "{\"a\":1}"));
        add(fields, "category", one("\"shoes\"", "7", "null", category(), category(), category()));
        add(fields, "flag", one("true", "false", "\"shoes\"", "0"));
        add(fields, "price", one("1", "2"));
        add(fields, "embedding", one("[1,2.5]", "[0.5]", "[1,2,3]", "[1,\"2\"]", "[]", "7", "[true]"));
        return "{" + String.join(",", fields) + "}";
    }

    private String category() {
        return "\"c" + random.nextInt(100) + "\"";
    }

    private void add(List<String> fields, String name, String value) {
        if (random.nextInt(4) != 0) {
            fields.add("\"" + name + "\":" + value);
        }
    }

    @SafeVarargs
    private <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
