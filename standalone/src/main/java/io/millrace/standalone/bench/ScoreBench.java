package io.millrace.standalone.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast a backlog is scored, and what an event costs: each variant takes the same events with an application id of its own,
 * in interleaved rounds.
 */
final class ScoreBench {
    private final Sitting sitting;
    private final Plan plan;
    private final TimeBudget budget;
    private final BacklogMeter meter;
    private final Map<String, List<BacklogMeter.Measured>> measured = new LinkedHashMap<>();

    /** The backlog must be there. */
    ScoreBench(Sitting sitting, ProcessorLauncher launcher, Plan plan, TimeBudget budget)
            throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.plan = plan;
        this.budget = budget;
        this.meter = new BacklogMeter(sitting, launcher);
    }

    /** One round of each variant, and unless it must be quick of each guarantee. */
    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        for (Guarantee guarantee : Guarantee.values()) {
            for (Variant variant : Variant.values()) {
                if (plan.quick()
                        ? variant.isQuick() && guarantee == Guarantee.EXACTLY_ONCE
                        : variant.takes(guarantee)) {
                    run(variant, guarantee, round);
                }
            }
        }
    }

    private void run(Variant variant, Guarantee guarantee, int round)
            throws BenchFailedException, IOException, InterruptedException {
        String figure = variant.figure() + guarantee.suffix();
        sitting.said().accept(figure + ", round " + round);
        String id = figure.replace('.', '-') + "-" + round;
        measured.computeIfAbsent(figure, unused -> new ArrayList<>())
                .add(meter.measure(variant, guarantee, id, variant.events(plan.events()), budget.backlog(variant)));
    }

    /** What was measured, with what bounds it. */
    void report(Consumer<Figure> to) {
        for (Guarantee guarantee : Guarantee.values()) {
            Figure passthrough = speed(Variant.PASSTHROUGH, guarantee, null);
            Figure state = speed(Variant.STATE, guarantee, passthrough);
            Figure full = speed(Variant.FULL, guarantee, state);
            Figure gru = speed(Variant.GRU, guarantee, state);
            Stream.of(
                            passthrough,
                            state,
                            speed(Variant.NAIVE, guarantee, full),
                            speed(Variant.SINGLE, guarantee, full),
                            full,
                            speed(Variant.GRU_SINGLE, guarantee, gru),
                            gru)
                    .flatMap(Stream::ofNullable)
                    .forEach(to);
        }
        measured.forEach((name, runs) -> BacklogMeter.Measured.costs(name, runs).forEach(to));
    }

    private @Nullable Figure speed(Variant variant, Guarantee guarantee, @Nullable Figure ceiling) {
        String name = variant.figure() + guarantee.suffix();
        List<BacklogMeter.Measured> runs = measured.get(name);
        return runs == null ? null : BacklogMeter.Measured.speed(name, runs, ceiling);
    }
}
