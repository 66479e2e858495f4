package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that run, with what they started: what they cost together. Where the system does not tell, memory is 0. */
record Running(List<ProcessHandle> processes) {
    Running {
        processes = List.copyOf(processes);
    }

    static Running together(Running one, Running other) {
        return new Running(
                Stream.concat(one.processes.stream(), other.processes.stream()).toList());
    }

    /** Since its start. */
    Duration cpu() {
        return all().stream()
                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The most memory it had resident since {@link #forgetPeak} or its start, in MiB. */
    double peakMegabytes() {
        return all().stream()
                .mapToDouble(one -> status(one, "VmHWM:").orElse(0.0))
                .sum();
    }

    /** What it has resident now, in MiB. */
    double megabytes() {
        return all().stream()
                .mapToDouble(one -> status(one, "VmRSS:").orElse(0.0))
                .sum();
    }

    /** Lets the peak begin anew, where the system can. */
    void forgetPeak() {
        for (ProcessHandle one : all()) {
            try {
                Files.writeString(Path.of("/proc", Long.toString(one.pid()), "clear_refs"), "5");
            } catch (IOException e) {
                // Then it is the peak since the start.
            }
        }
    }

    private List<ProcessHandle> all() {
        return processes.stream()
                .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                .toList();
    }

    private static Optional<Double> status(ProcessHandle one, String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(one.pid()), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
