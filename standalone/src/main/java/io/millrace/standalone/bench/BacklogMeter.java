package io.millrace.standalone.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast a variant takes the backlog that was there when this was made. Measured is from commit to commit, from when a third is
 * committed, or a half of the time is over: by then the JVM has compiled what matters.
 */
final class BacklogMeter {
    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Progress progress;

    /** Of one run: events a second, CPU microseconds, bytes to and from the broker and kept by it an event. */
    record Measured(
            double perSecond,
            double micros,
            double brokerMicros,
            double peakMegabytes,
            double bytesIn,
            double bytesOut,
            double bytesKept) {
        static Figure speed(String name, List<Measured> runs, @Nullable Figure ceiling) {
            return figure(name, "events/s", runs, Measured::perSecond, ceiling);
        }

        static Stream<Figure> costs(String name, List<Measured> runs) {
            return Stream.of(
                    figure(name + ".cpu", "µs/event", runs, Measured::micros, null),
                    figure(name + ".broker-cpu", "µs/event", runs, Measured::brokerMicros, null),
                    figure(name + ".rss", "MiB", runs, Measured::peakMegabytes, null),
                    figure(name + ".bytes-in", "B/event", runs, Measured::bytesIn, null),
                    figure(name + ".bytes-out", "B/event", runs, Measured::bytesOut, null),
                    figure(name + ".disk", "B/event", runs, Measured::bytesKept, null));
        }

        private static Figure figure(
                String name,
                String unit,
                List<Measured> runs,
                ToDoubleFunction<Measured> value,
                @Nullable Figure ceiling) {
            return new Figure(
                    name, unit, runs.stream().map(value::applyAsDouble).toList(), ceiling);
        }
    }

    BacklogMeter(Sitting sitting, ProcessorLauncher launcher) throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.launcher = launcher;
        this.progress = new Progress(sitting);
    }

    /**
     * Runs a variant until it has committed so many events, or until the time is over.
     *
     * @param id of its application, which nobody had before
     */
    Measured measure(Variant variant, Guarantee guarantee, String id, int events, Duration limit)
            throws BenchFailedException, IOException, InterruptedException {
        try (Child child = launcher.start(variant, guarantee, id, Map.of())) {
            long first = progress.await(child, id, 1, Long.MAX_VALUE).nanos();
            Progress.Commit from = progress.await(
                    child, id, events / 3, first + limit.dividedBy(2).toNanos());
            Duration cpu = child.cpu();
            Duration brokerCpu = sitting.broker().cpu();
            Traffic traffic = sitting.traffic().now();
            Progress.Commit to = progress.await(child, id, events, first + limit.toNanos());
            double taken = (double) to.events() - from.events();
            if (taken <= 0) {
                throw new BenchFailedException(id + " had committed all before it was measured: it needs more than "
                        + String.format(Locale.ROOT, "%,d", events) + " events, which --events gives");
            }
            Duration used = child.cpu().minus(cpu);
            Duration brokerUsed = sitting.broker().cpu().minus(brokerCpu);
            Traffic bytes = sitting.traffic().now().since(traffic);
            return new Measured(
                    taken / ((to.nanos() - from.nanos()) / 1e9),
                    used.toNanos() / 1e3 / taken,
                    brokerUsed.toNanos() / 1e3 / taken,
                    child.peakMegabytes(),
                    bytes.in() / taken,
                    bytes.out() / taken,
                    bytes.disk() / taken);
        }
    }
}
