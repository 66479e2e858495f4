package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from when an event was due to be posted until a consumer has its prediction, at steady paces of single
 * events: a client that is held up does not forgive the time that it waited. Millrace first, until it is warm, then a topology
 * that only copies events, by the same door and at the same paces; when it must be quick, Millrace takes that one's time to
 * warm up.
 */
final class LatencyBench {
    private static final int USUAL = 2_000;
    private static final int BUSY = 10_000;
    /** More of its capacity would measure how long the queue grew, not how fast it is. */
    private static final double MOST = 0.9;

    /** Seconds of a pace that are not measured, where another was before. */
    private static final int SETTLING = 3;

    private static final List<Integer> PERCENTS = List.of(10, 50, 80);
    private static final int HEAP_MEGABYTES = 1_024;

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final TimeBudget budget;
    /** Events a second by a pace's name; the first round's capacity decides for all. */
    private final Map<String, Integer> paces = new LinkedHashMap<>();

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    LatencyBench(Sitting sitting, ProcessorLauncher launcher, Plan plan, TimeBudget budget) {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
        this.budget = budget;
        paces.put("", USUAL);
    }

    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        try (Door door = Door.start(sitting, "latency-door-" + round, HEAP_MEGABYTES, Map.of())) {
            for (Variant variant : plan.quick() ? List.of(Variant.FULL) : List.of(Variant.FULL, Variant.PASSTHROUGH)) {
                sitting.empty(Topic.USER_EVENTS.topicName());
                String id = variant.figure().replace("score.", "latency-") + "-" + round;
                try (Child scorer = launcher.start(variant, Guarantee.EXACTLY_ONCE, id, Map.of());
                        Pipeline pipeline = new Pipeline(sitting, door, scorer, variant)) {
                    double capacity = pipeline.warmUp(warmUp(variant));
                    note(name(variant, "") + ".capacity", capacity);
                    if (variant == Variant.FULL && round == 1) {
                        choosePaces(capacity);
                    }
                    int settling = plan.settlingSeconds();
                    for (Map.Entry<String, Integer> pace : paces.entrySet()) {
                        measure(variant, pace.getKey(), pace.getValue(), settling, pipeline);
                        settling = SETTLING;
                    }
                }
            }
        }
    }

    /** What only copies is soon warm, and the door is by then. */
    private Duration warmUp(Variant variant) {
        return variant.isMillrace() ? budget.warmUp() : budget.warmUp().dividedBy(2);
    }

    private void choosePaces(double capacity) {
        if (plan.quick()) {
            return;
        }
        PERCENTS.forEach(percent -> paces.put(".at" + percent, Math.max(1, (int) (capacity * percent / 100))));
        if (capacity * MOST >= BUSY) {
            paces.put(".at10000ps", BUSY);
        } else {
            sitting.said()
                    .accept(String.format(
                            Locale.ROOT,
                            "latency at 10,000 events/s is left out: posted one by one, %,.0f events/s go through",
                            capacity));
        }
    }

    private void measure(Variant variant, String pace, int perSecond, int settling, Pipeline pipeline)
            throws BenchFailedException, IOException, InterruptedException {
        Pipeline.Times times = pipeline.measure(perSecond, settling, plan.seconds());
        String name = name(variant, pace);
        note(name + ".p50", times.committed().millis(0.5));
        note(name + ".p99", times.committed().millis(0.99));
        note(name + ".longest", times.committed().millis(1));
        note(name + ".uncommitted.p50", times.uncommitted().millis(0.5));
        note(name + ".uncommitted.p99", times.uncommitted().millis(0.99));
        note(name + ".post.p99", times.posted().millis(0.99));
        note(name + ".door-cpu", times.doorMicros());
        note(name + ".cpu", times.scorerMicros());
        note(name + ".broker-cpu", times.brokerMicros());
    }

    private static String name(Variant variant, String pace) {
        return "latency" + (variant.isMillrace() ? "" : ".passthrough") + pace;
    }

    private void note(String name, double value) {
        values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    /** What was measured, with what bounds it. */
    void report(Consumer<Figure> to) {
        paces.forEach((pace, perSecond) -> to.accept(new Figure(
                "latency" + (pace.isEmpty() ? "" : pace) + ".pace", "events/s", List.of((double) perSecond), null)));
        Map<String, Figure> copied = new TreeMap<>();
        values.forEach((name, rounds) -> {
            if (name.startsWith("latency.passthrough")) {
                Figure figure = new Figure(name, unit(name), rounds, null);
                copied.put(name.replace("latency.passthrough", "latency"), figure);
            }
        });
        values.forEach((name, rounds) -> {
            if (!name.startsWith("latency.passthrough")) {
                @Nullable Figure ceiling = copied.get(name);
                to.accept(new Figure(name, unit(name), rounds, ceiling));
            }
        });
        copied.values().forEach(to);
    }

    private static String unit(String name) {
        return name.endsWith("cpu") ? "µs/event" : name.endsWith("capacity") ? "events/s" : "ms";
    }
}
