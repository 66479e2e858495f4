package io.millrace.standalone.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a second processor adds: a backlog is scored by one that is held to one core, and by two that are held to one each. The
 * broker runs on the same cores and takes more of them from two, so that what is compared is how many events a CPU-second of
 * the processors scores: twice the cores score so many times as much where the broker has cores of its own.
 */
final class CoresBench {
    private static final int MOST = 2;

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final Progress progress;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** The backlog must be there. */
    CoresBench(Sitting sitting, ProcessorLauncher launcher, Plan plan)
            throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
        this.progress = new Progress(sitting);
    }

    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        double one = run(round, 1);
        double two = run(round, MOST);
        note("cores.added", MOST * one / two);
    }

    /** @return CPU microseconds an event, of all processors */
    private double run(int round, int processors) throws BenchFailedException, IOException, InterruptedException {
        String figure = processors == 1 ? "cores.one" : "cores.two";
        sitting.said().accept(figure + ", round " + round);
        String id = figure.replace('.', '-') + "-" + round;
        List<Child> children = new ArrayList<>();
        try {
            for (int core = 0; core < processors; core++) {
                children.add(launcher.startOn(core, id));
            }
            Child first = children.get(0);
            Progress.Commit from = progress.await(first, id, plan.events() / 3, Long.MAX_VALUE);
            Duration cpu = cpu(children);
            Duration brokerCpu = sitting.broker().cpu();
            Progress.Commit to = progress.await(first, id, plan.events(), Long.MAX_VALUE);
            double events = (double) to.events() - from.events();
            double micros = cpu(children).minus(cpu).toNanos() / 1e3 / events;
            note(figure, events / ((to.nanos() - from.nanos()) / 1e9));
            note(figure + ".cpu", micros);
            note(figure + ".broker-cpu", sitting.broker().cpu().minus(brokerCpu).toNanos() / 1e3 / events);
            return micros;
        } finally {
            children.forEach(Child::close);
        }
    }

    private static Duration cpu(List<Child> children) {
        return children.stream().map(Child::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    private void note(String name, double value) {
        values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    /** What was measured. */
    void report(Consumer<Figure> to) {
        values.forEach((name, rounds) -> to.accept(new Figure(name, unit(name), rounds, null)));
    }

    private static String unit(String name) {
        return name.endsWith("cpu") ? "µs/event" : name.endsWith("added") ? "×" : "events/s";
    }
}
