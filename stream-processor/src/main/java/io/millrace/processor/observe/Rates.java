package io.millrace.processor.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Events and predictions a second over the last ten: counters, read each second. Thread-safe. */
public final class Rates implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int KEPT = 11;
    private static final double NANOS = 1e9;

    private record Sample(long nanos, double events, double predictions) {}

    private final MeterRegistry registry;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "millrace-rates");
        thread.setDaemon(true);
        return thread;
    });

    private Rates(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Reads {@link ScoringMeters}' counters until it is closed. */
    public static Rates watch(MeterRegistry registry) {
        Rates rates = new Rates(registry);
        var unused = rates.clock.scheduleWithFixedDelay(rates::sample, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        return rates;
    }

    private void sample() {
        Sample now = new Sample(
                System.nanoTime(),
                sum(registry.find("millrace.events.processed").counters()),
                sum(registry.find("millrace.predictions").counters()));
        synchronized (this) {
            samples.addLast(now);
            if (samples.size() > KEPT) {
                samples.removeFirst();
            }
        }
    }

    private static double sum(Collection<Counter> counters) {
        return counters.stream().mapToDouble(Counter::count).sum();
    }

    /** Events that were not seen before. */
    public synchronized double events() {
        return samples.size() < 2
                ? 0
                : rate(samples.getLast().events() - samples.getFirst().events());
    }

    /** Predictions handed to their topic. */
    public synchronized double predictions() {
        return samples.size() < 2
                ? 0
                : rate(samples.getLast().predictions() - samples.getFirst().predictions());
    }

    private double rate(double count) {
        return Math.max(
                0,
                count * NANOS / (samples.getLast().nanos() - samples.getFirst().nanos()));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
