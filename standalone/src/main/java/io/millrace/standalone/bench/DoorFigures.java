package io.millrace.standalone.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What doors did, each with each workload, round by round. */
final class DoorFigures {
    private final String workload;
    private final String unit;
    private final Map<String, Map<String, List<Slice>>> slices = new LinkedHashMap<>();

    /**
     * Of one workload.
     *
     * @param workload the beginning of all names
     * @param unit what is counted, such as event
     */
    DoorFigures(String workload, String unit) {
        this.workload = workload;
        this.unit = unit;
    }

    /**
     * One slice.
     *
     * @param micros CPU time of the door an event
     * @param p50 from a request to its answer, in milliseconds
     * @param failed requests that were not accepted
     */
    record Slice(
            double perSecond,
            double micros,
            double brokerMicros,
            double peakMegabytes,
            double p50,
            double p99,
            long failed) {
        double allMicros() {
            return micros + brokerMicros;
        }
    }

    void add(String target, String workload, Slice slice) {
        slices.computeIfAbsent(target, unused -> new LinkedHashMap<>())
                .computeIfAbsent(workload, unused -> new ArrayList<>())
                .add(slice);
    }

    /**
     * All of them, beside who is compared.
     *
     * @param own the name of the door that is measured
     * @param ceiling the name of the one that bounds it, if any does
     */
    void report(String own, String ceiling, Consumer<Figure> to) {
        slices.getOrDefault(own, Map.of()).forEach((load, runs) -> {
            slices.forEach((target, loads) -> {
                if (!target.equals(own)) {
                    all(name(target, load), runs(target, load), null, to);
                }
            });
            Figure bound = slices.containsKey(ceiling) ? speed(name(ceiling, load), runs(ceiling, load), null) : null;
            all(workload + "." + load, runs, bound, to);
            slices.keySet().stream()
                    .filter(target -> !target.equals(own) && !target.equals(ceiling))
                    .forEach(target -> to.accept(ratio(load, runs, target)));
        });
    }

    private String name(String target, String load) {
        return workload + "." + target + "." + load;
    }

    private List<Slice> runs(String target, String load) {
        return Objects.requireNonNull(Objects.requireNonNull(slices.get(target)).get(load));
    }

    /** Work per CPU-second, ours over theirs, round by round. */
    private Figure ratio(String load, List<Slice> own, String target) {
        List<Slice> others = runs(target, load);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            ratios.add(others.get(i).allMicros() / own.get(i).allMicros());
        }
        return new Figure(workload + "." + load + ".efficiency-over-" + target, "times", ratios, null);
    }

    private void all(String name, List<Slice> runs, @Nullable Figure ceiling, Consumer<Figure> to) {
        to.accept(speed(name, runs, ceiling));
        to.accept(figure(name + ".cpu", "µs/" + unit, runs, Slice::micros, null));
        if (runs.stream().anyMatch(slice -> slice.brokerMicros() > 0)) {
            to.accept(figure(name + ".broker-cpu", "µs/" + unit, runs, Slice::brokerMicros, null));
        }
        to.accept(figure(name + ".rss", "MiB", runs, Slice::peakMegabytes, null));
        to.accept(figure(name + ".p50", "ms", runs, Slice::p50, null));
        to.accept(figure(name + ".p99", "ms", runs, Slice::p99, null));
        if (runs.stream().anyMatch(slice -> slice.failed() > 0)) {
            to.accept(figure(name + ".failed", "requests", runs, Slice::failed, null));
        }
    }

    private Figure speed(String name, List<Slice> runs, @Nullable Figure ceiling) {
        return figure(name, unit + "s/s", runs, Slice::perSecond, ceiling);
    }

    private static Figure figure(
            String name, String unit, List<Slice> runs, ToDoubleFunction<Slice> value, @Nullable Figure ceiling) {
        return new Figure(name, unit, runs.stream().map(value::applyAsDouble).toList(), ceiling);
    }
}
