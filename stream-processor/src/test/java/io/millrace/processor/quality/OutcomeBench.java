package io.millrace.processor.quality;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Role;
import io.millrace.processor.model.ModelFiles;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the join and the counts cost an event, without the stores: median thread-CPU of stretches of 1,000 events, of each
 * way of watching in turn, so that whatever else the machine does is done to all of them.
 */
final class OutcomeBench {
    private static final int STRETCH = 1000;
    private static final int STRETCHES = 1000;
    private static final int BATCH = 64;
    private static final int USERS = 2_000;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] NONE = {};

    private final String name;
    private final Manifest manifest;
    private final UserOutcomes outcomes;
    private final Map<UserKey, byte[]> open = new HashMap<>();
    private final Inputs inputs;
    private final double[] events = new double[STRETCHES];
    private final double[] commits = new double[STRETCHES];

    private OutcomeBench(String name, Manifest manifest) {
        this.name = name;
        this.manifest = manifest;
        Quality quality = new Quality(
                new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)),
                new SimpleMeterRegistry());
        quality.watch(manifest);
        outcomes = new UserOutcomes(quality, new MemoryShelf(), 0, 0);
        List<Inputs.Slot> slots = manifest.features().stream()
                .map(feature -> new Inputs.Slot(feature.name(), 1))
                .toList();
        inputs = new Inputs(slots, new float[slots.size()], null);
    }

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    public static void main(String[] args) throws Exception {
        Manifest m = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT).manifest();
        OutcomeSpec bought = new OutcomeSpec.Event(List.of("order_completed"), Duration.ofMinutes(30));
        List<OutcomeBench> all = List.of(
                new OutcomeBench("nothing", m.with(null, null, m.provenance())),
                new OutcomeBench("drift", m.with(null, m.reference(), m.provenance())),
                new OutcomeBench("outcomes", m.with(bought, null, m.provenance())),
                new OutcomeBench("both", m.with(bought, m.reference(), m.provenance())));
        Random random = new Random(1);
        int sent = 0;
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            List<Event> events = new ArrayList<>(STRETCH);
            while (events.size() < STRETCH) {
                events.add(event(sent++, random));
            }
            for (OutcomeBench bench : all) {
                bench.run(stretch, events);
            }
        }
        for (OutcomeBench bench : all) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.2f µs an event, %.1f µs a commit; %.1f bytes a user%n",
                    bench.name,
                    median(bench.events),
                    median(bench.commits),
                    bench.open.values().stream()
                            .mapToInt(bytes -> bytes.length)
                            .average()
                            .orElse(0));
        }
    }

    /** The later half: the earlier warms up and fills the users. */
    private static double median(double[] values) {
        double[] warm = Arrays.copyOfRange(values, values.length / 2, values.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    private void run(int stretch, List<Event> stretchOf) {
        long began = THREADS.getCurrentThreadCpuTime();
        for (int from = 0; from < stretchOf.size(); from += BATCH) {
            List<Event> batch = stretchOf.subList(from, Math.min(from + BATCH, stretchOf.size()));
            for (Event event : batch) {
                byte[] before = open.getOrDefault(event.user(), NONE);
                keep(event.user(), outcomes.event(event, before, 0, before.length, null, 0));
            }
            for (Event event : batch) {
                if ("product_viewed".equals(event.name())
                        && outcomes.waits(manifest, Role.CHAMPION, event, inputs, 0.25f)) {
                    byte[] before = open.getOrDefault(event.user(), NONE);
                    keep(
                            event.user(),
                            outcomes.predicted(manifest, Role.CHAMPION, event, 0.25f, before, 0, before.length));
                }
            }
            outcomes.drained();
        }
        long ended = THREADS.getCurrentThreadCpuTime();
        outcomes.keep(0);
        events[stretch] = (ended - began) / 1e3 / stretchOf.size();
        commits[stretch] = (THREADS.getCurrentThreadCpuTime() - ended) / 1e3;
    }

    private void keep(UserKey user, byte @Nullable [] changed) {
        if (changed != null) {
            open.put(user, changed);
        }
    }

    /** Each user has an event each 4 minutes or so; of twenty one is an order, two are scored by nobody. */
    private static Event event(int i, Random random) {
        int kind = random.nextInt(20);
        String name = kind == 0 ? "order_completed" : kind < 3 ? "product_removed" : "product_viewed";
        Instant time = NOON.plusMillis(120L * i);
        return new Event(
                new EventId("e" + i),
                new Source("web"),
                "user-" + random.nextInt(USERS),
                null,
                EventKind.TRACK,
                name,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
    }
}
