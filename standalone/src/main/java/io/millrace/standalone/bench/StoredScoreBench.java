package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How fast a backlog is scored and stored by one processor under exactly-once: from when a third is scored until the last row is in
 * PostgreSQL, in events, of which not each makes a row.
 */
final class StoredScoreBench {
    private static final String FIGURE = "score.store";

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final Progress progress;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** The backlog must be there. */
    StoredScoreBench(Sitting sitting, ProcessorLauncher launcher, Plan plan)
            throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
        this.progress = new Progress(sitting);
    }

    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        sitting.said().accept(FIGURE + ", round " + round);
        // A writer that is new would store what earlier variants have predicted.
        sitting.empty(Topic.PREDICTIONS.topicName());
        String id = FIGURE.replace('.', '-') + "-" + round;
        try (Database database = Database.start(sitting.folder().resolve("score-postgres-" + round));
                Child child =
                        launcher.start(Variant.FULL, Guarantee.EXACTLY_ONCE, id, database.settings(id + "-rows"))) {
            Rows rows = new Rows(database);
            progress.await(child, id, plan.events() / 3, Long.MAX_VALUE);
            rows.awaitFirst(child);
            long from = rows.count();
            long began = System.nanoTime();
            Duration cpu = child.cpu();
            Duration brokerCpu = sitting.broker().cpu();
            Duration postgresCpu = database.running().cpu();
            progress.await(child, id, plan.events(), Long.MAX_VALUE);
            long all = rows.awaitLast(child);
            if (all <= from || rows.grownAt() <= began) {
                throw new BenchFailedException(String.format(
                        Locale.ROOT,
                        "%s: %,d rows of %,d events were there when it was to be measured, and no more came",
                        id,
                        from,
                        plan.events()));
            }
            double events = (double) (all - from) * plan.events() / all;
            note("", events / ((rows.grownAt() - began) / 1e9));
            note(".cpu", micros(child.cpu().minus(cpu), events));
            note(".broker-cpu", micros(sitting.broker().cpu().minus(brokerCpu), events));
            note(".postgres-cpu", micros(database.running().cpu().minus(postgresCpu), events));
            note(".rss", child.peakMegabytes());
        }
    }

    private static double micros(Duration cpu, double events) {
        return cpu.toNanos() / 1e3 / events;
    }

    private void note(String what, double value) {
        values.computeIfAbsent(FIGURE + what, unused -> new ArrayList<>()).add(value);
    }

    /** What was measured. */
    void report(Consumer<Figure> to) {
        values.forEach((name, rounds) -> to.accept(new Figure(
                name, name.equals(FIGURE) ? "events/s" : name.endsWith("rss") ? "MiB" : "µs/event", rounds, null)));
    }
}
