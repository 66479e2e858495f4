package io.millrace.standalone.bench;

import io.millrace.standalone.chaos.ChaosOptions;
import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long programs take from their start until they are ready, and what they hold then: a door; a processor that has nothing; one
 * that has the state of as many users as there are events, on its disk, and lost, so that it is restored from the broker.
 */
final class StartBench {
    private static final int HEAP_MEGABYTES = 1_024;

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    StartBench(Sitting sitting, ProcessorLauncher launcher, Plan plan) {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
    }

    /** All rounds. */
    void run() throws BenchFailedException, IOException, InterruptedException {
        String events = Topic.USER_EVENTS.topicName();
        try (Database database = Database.start(sitting.folder().resolve("start-postgres"))) {
            for (int round = 1; round <= plan.rounds(); round++) {
                sitting.said().accept("start, round " + round);
                sitting.empty(events);
                long began = System.nanoTime();
                try (Door door = Door.start(sitting, "start-door-" + round, HEAP_MEGABYTES, Map.of())) {
                    ready("start.door", began, door.child());
                }
                String id = "start-" + round;
                processor("start.processor", id, database, 0);
                Backlog.writeUsers(sitting.bootstrap(), plan.users());
                processor("", id, database, plan.users());
                processor("start.users", id, database, 0);
                ChaosOptions.delete(state(id));
                processor("start.restored", id, database, 0);
            }
        }
    }

    private Path state(String id) {
        return sitting.folder().resolve(id + ProcessorLauncher.STATE);
    }

    /**
     * Starts one and ends it in order.
     *
     * @param figure empty where the start is not measured
     * @param events that it must have committed before it ends
     */
    private void processor(String figure, String id, Database database, int events)
            throws BenchFailedException, IOException, InterruptedException {
        int port = Ports.free();
        Map<String, String> settings = new HashMap<>(database.settings(id + "-store"));
        settings.put("MILLRACE_PROCESSOR_HTTP_PORT", Integer.toString(port));
        Progress progress = new Progress(sitting);
        long began = System.nanoTime();
        try (Child child = launcher.start(Variant.FULL, Guarantee.EXACTLY_ONCE, id, settings)) {
            Door.awaitAnswer(URI.create("http://127.0.0.1:" + port + "/readyz"), child);
            if (!figure.isEmpty()) {
                ready(figure, began, child);
            }
            progress.await(child, id, events, Long.MAX_VALUE);
        }
    }

    private void ready(String figure, long began, Child child) {
        note(figure, (System.nanoTime() - began) / 1e9);
        note(figure + ".cpu", child.cpu().toNanos() / 1e9);
        note(figure + ".rss", child.running().megabytes());
    }

    private void note(String name, double value) {
        values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    /** What was measured. */
    void report(Consumer<Figure> to) {
        values.forEach((name, rounds) -> to.accept(new Figure(name, name.endsWith("rss") ? "MiB" : "s", rounds, null)));
        to.accept(new Figure("start.users.count", "users", List.of((double) plan.users()), null));
    }
}
