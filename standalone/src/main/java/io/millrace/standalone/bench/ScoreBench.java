package io.millrace.standalone.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * How fast a backlog is scored, and what an event costs: each variant takes the same events with an application id of its own,
 * in interleaved rounds. Measured is what is committed, from when a third is: by then the JVM has compiled what matters.
 */
final class ScoreBench {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    private final Child broker;
    private final ProcessorLauncher launcher;
    private final Admin admin;
    private final int events;
    private final Map<Variant, List<Measured>> measured = new EnumMap<>(Variant.class);

    /** Of one run. */
    private record Measured(double perSecond, double micros, double brokerMicros, double peakMegabytes) {}

    ScoreBench(Child broker, ProcessorLauncher launcher, Admin admin, int events) {
        this.broker = broker;
        this.launcher = launcher;
        this.admin = admin;
        this.events = events;
    }

    /** One round of one variant. */
    void run(Variant variant, int round) throws BenchFailedException, IOException, InterruptedException {
        String id = variant.figure().replace('.', '-') + "-" + round;
        int target = variant.events(events);
        try (Child child = launcher.start(variant, id)) {
            long third = target / 3;
            await(child, id, third);
            long from = committed(id);
            long began = System.nanoTime();
            Duration cpu = child.cpu();
            Duration brokerCpu = broker.cpu();
            await(child, id, target);
            double taken = (double) committed(id) - from;
            double seconds = (System.nanoTime() - began) / 1e9;
            measured.computeIfAbsent(variant, unused -> new ArrayList<>())
                    .add(new Measured(
                            taken / seconds,
                            micros(child.cpu().minus(cpu), taken),
                            micros(broker.cpu().minus(brokerCpu), taken),
                            child.peakMegabytes()));
        }
    }

    private static double micros(Duration cpu, double events) {
        return cpu.toNanos() / 1e3 / events;
    }

    private void await(Child child, String group, long target) throws BenchFailedException, InterruptedException {
        long best = 0;
        long since = System.nanoTime();
        for (long now = committed(group); now < target; now = committed(group)) {
            child.requireAlive(group);
            if (now > best) {
                best = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() - since > STANDSTILL.toNanos()) {
                throw new BenchFailedException(group + " stands still at " + now + " of " + target + " events");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** How many events a group has committed: their topic has no transactions, so that offsets count them. */
    private long committed(String group) throws BenchFailedException, InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(one -> one.getKey().topic().equals(io.millrace.topic.Topic.USER_EVENTS.topicName()))
                    .mapToLong(
                            one -> one.getValue() == null ? 0 : one.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
                return 0;
            }
            throw new BenchFailedException("the broker does not answer: " + e.getCause());
        }
    }

    /** What was measured, with what bounds it. */
    void report(Consumer<Figure> to) {
        Figure passthrough = speed(Variant.PASSTHROUGH, null);
        Figure state = speed(Variant.STATE, passthrough);
        Figure full = speed(Variant.FULL, state);
        Figure naive = speed(Variant.NAIVE, full);
        for (Figure figure : new Figure[] {passthrough, state, naive, full}) {
            if (figure != null) {
                to.accept(figure);
            }
        }
        measured.forEach((variant, runs) -> {
            to.accept(new Figure(variant.figure() + ".cpu", "µs/event", values(runs, Measured::micros), null));
            to.accept(new Figure(
                    variant.figure() + ".broker-cpu", "µs/event", values(runs, Measured::brokerMicros), null));
            to.accept(new Figure(variant.figure() + ".rss", "MiB", values(runs, Measured::peakMegabytes), null));
        });
    }

    private @Nullable Figure speed(Variant variant, @Nullable Figure ceiling) {
        List<Measured> runs = measured.get(variant);
        return runs == null
                ? null
                : new Figure(variant.figure(), "events/s", values(runs, Measured::perSecond), ceiling);
    }

    private static List<Double> values(List<Measured> runs, java.util.function.ToDoubleFunction<Measured> value) {
        return runs.stream().map(value::applyAsDouble).toList();
    }
}
