package io.millrace.standalone.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast a backlog is scored, and what an event costs: each variant takes the same events with an application id of its own,
 * in interleaved rounds. Measured is from commit to commit, from when a third is committed, or a half of the time is over: by
 * then the JVM has compiled what matters.
 */
final class ScoreBench {
    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final TimeBudget budget;
    private final Progress progress;
    private final Map<String, List<Measured>> measured = new LinkedHashMap<>();

    /** Of one run. */
    private record Measured(
            double perSecond,
            double micros,
            double brokerMicros,
            double peakMegabytes,
            double bytesIn,
            double bytesOut,
            double bytesKept) {}

    /** The backlog must be there. */
    ScoreBench(Sitting sitting, ProcessorLauncher launcher, Plan plan, TimeBudget budget)
            throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
        this.budget = budget;
        this.progress = new Progress(sitting);
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
        int target = variant.events(plan.events());
        try (Child child = launcher.start(variant, guarantee, id, Map.of())) {
            long first = progress.await(child, id, 1, Long.MAX_VALUE).nanos();
            Duration limit = budget.backlog(variant);
            Progress.Commit from = progress.await(
                    child, id, target / 3, first + limit.dividedBy(2).toNanos());
            Duration cpu = child.cpu();
            Duration brokerCpu = sitting.broker().cpu();
            Traffic traffic = sitting.traffic().now();
            Progress.Commit to = progress.await(child, id, target, first + limit.toNanos());
            double taken = (double) to.events() - from.events();
            double seconds = (to.nanos() - from.nanos()) / 1e9;
            if (taken <= 0) {
                throw new BenchFailedException(
                        id + " had committed all before it was measured: --events must be more than "
                                + String.format(Locale.ROOT, "%,d", plan.events()));
            }
            Duration brokerUsed = sitting.broker().cpu().minus(brokerCpu);
            Duration used = child.cpu().minus(cpu);
            Traffic bytes = sitting.traffic().now().since(traffic);
            measured.computeIfAbsent(figure, unused -> new ArrayList<>())
                    .add(new Measured(
                            taken / seconds,
                            micros(used, taken),
                            micros(brokerUsed, taken),
                            child.peakMegabytes(),
                            bytes.in() / taken,
                            bytes.out() / taken,
                            bytes.disk() / taken));
        }
    }

    private static double micros(Duration cpu, double events) {
        return cpu.toNanos() / 1e3 / events;
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
                            full,
                            speed(Variant.GRU_NAIVE, guarantee, gru),
                            gru)
                    .flatMap(Stream::ofNullable)
                    .forEach(to);
        }
        measured.forEach((name, runs) -> {
            to.accept(new Figure(name + ".cpu", "µs/event", values(runs, Measured::micros), null));
            to.accept(new Figure(name + ".broker-cpu", "µs/event", values(runs, Measured::brokerMicros), null));
            to.accept(new Figure(name + ".rss", "MiB", values(runs, Measured::peakMegabytes), null));
            to.accept(new Figure(name + ".bytes-in", "B/event", values(runs, Measured::bytesIn), null));
            to.accept(new Figure(name + ".bytes-out", "B/event", values(runs, Measured::bytesOut), null));
            to.accept(new Figure(name + ".disk", "B/event", values(runs, Measured::bytesKept), null));
        });
    }

    private @Nullable Figure speed(Variant variant, Guarantee guarantee, @Nullable Figure ceiling) {
        String name = variant.figure() + guarantee.suffix();
        List<Measured> runs = measured.get(name);
        return runs == null ? null : new Figure(name, "events/s", values(runs, Measured::perSecond), ceiling);
    }

    private static List<Double> values(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return runs.stream().map(value::applyAsDouble).toList();
    }
}
