package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * How long it takes from when an event was due to be posted until who reads what is committed has its prediction, at a steady
 * pace of single events: a client that is held up does not forgive the time that it waited. First a topology that only copies
 * events, then Millrace, by the same door. A time as long as the measured one goes before, in which the JVMs warm up.
 */
final class LatencyBench {
    private static final int RATE = 2_000;
    private static final String WRITE_KEY = "bench";
    private static final int HEAP_MEGABYTES = 1_024;
    private static final Duration LAST = Duration.ofSeconds(30);

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final int seconds;
    private final Map<Variant, List<Measured>> measured = new EnumMap<>(Variant.class);

    /** Of one run, in milliseconds. */
    private record Measured(double p50, double p99, double longest, double posted99) {}

    LatencyBench(Sitting sitting, ProcessorLauncher launcher, int seconds) {
        this.sitting = sitting;
        this.launcher = launcher;
        this.seconds = seconds;
    }

    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        int port = Ports.free();
        Map<String, String> settings = Map.of(
                "MILLRACE_KAFKA_BOOTSTRAP",
                sitting.bootstrap(),
                "MILLRACE_INGEST_HTTP_PORT",
                Integer.toString(port),
                "MILLRACE_INGEST_WRITE_KEYS",
                "shop=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)),
                "MILLRACE_POSTGRES_URL",
                "jdbc:postgresql://127.0.0.1:1/nowhere");
        try (Child door = Child.start(
                sitting, "latency-door-" + round, HEAP_MEGABYTES, settings, MillraceMain.class.getName(), "ingest")) {
            for (Variant variant : List.of(Variant.PASSTHROUGH, Variant.FULL)) {
                try (Child scorer =
                        launcher.start(variant, variant.figure().replace("score.", "latency-") + "-" + round)) {
                    measured.computeIfAbsent(variant, unused -> new ArrayList<>())
                            .add(measure(variant, port, door, scorer));
                }
            }
        }
    }

    private Measured measure(Variant variant, int port, Child door, Child scorer)
            throws BenchFailedException, InterruptedException {
        String topic = variant.isMillrace() ? Topic.PREDICTIONS.topicName() : TopologyMain.OUT;
        int warm = RATE * seconds;
        int count = 2 * warm;
        SteadyPoster poster = new SteadyPoster(port, WRITE_KEY, RATE, count);
        try (Arrivals arrivals = new Arrivals(sitting.bootstrap(), topic, count)) {
            poster.awaitDoor(door, LAST);
            arrivals.start();
            poster.run();
            arrivals.await(warm, scorer, LAST);
            long[] took = arrivals.since(poster.due(), warm);
            long[] posted = poster.took(warm);
            return new Measured(millis(took, 0.5), millis(took, 0.99), millis(took, 1), millis(posted, 0.99));
        }
    }

    private static double millis(long[] nanos, double share) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    void report(Consumer<Figure> to) {
        List<Measured> ceiling = measured.getOrDefault(Variant.PASSTHROUGH, List.of());
        List<Measured> own = measured.getOrDefault(Variant.FULL, List.of());
        report(to, "latency.p50", ceiling, own, Measured::p50);
        report(to, "latency.p99", ceiling, own, Measured::p99);
        report(to, "latency.longest", ceiling, own, Measured::longest);
        to.accept(new Figure("latency.post.p99", "ms", values(own, Measured::posted99), null));
    }

    private static void report(
            Consumer<Figure> to,
            String name,
            List<Measured> ceiling,
            List<Measured> own,
            ToDoubleFunction<Measured> value) {
        Figure copied = new Figure(name.replace("latency", "latency.passthrough"), "ms", values(ceiling, value), null);
        to.accept(copied);
        to.accept(new Figure(name, "ms", values(own, value), copied));
    }

    private static List<Double> values(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return runs.stream().map(value::applyAsDouble).toList();
    }
}
