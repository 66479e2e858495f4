package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.cluster.Clocks;
import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.fault.FaultKind;
import io.millrace.standalone.chaos.fault.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a user asks for.
 *
 * @param duration of the faults
 * @param seed of schedule and load
 * @param rate events a second
 * @param kinds of faults; those that this machine does not allow are left out, and named
 * @param folder of data and logs
 */
public record ChaosOptions(Duration duration, long seed, double rate, Set<FaultKind> kinds, Path folder) {
    private static final Schedule.Shape SHAPE = new Schedule.Shape(3, 2, 2);
    private static final int PARTITIONS = 4;
    private static final int AWAY = 6;
    private static final int CLIENTS = 8;
    private static final Duration STALL = Duration.ofSeconds(90);
    private static final int DISK_MEGABYTES = 4096;

    /** @param program the main class that runs millrace's commands */
    public ChaosPlan plan(String program) throws IOException, InterruptedException {
        Set<FaultKind> possible = EnumSet.copyOf(kinds);
        List<String> skipped = new ArrayList<>();
        if (possible.contains(FaultKind.DISK) && !Cluster.maySmallDisk(folder)) {
            possible.remove(FaultKind.DISK);
            skipped.add("disk: a full disk needs a file system of its own, and this user may not mount one");
        }
        Optional<Path> clock = Clocks.library();
        if (possible.contains(FaultKind.SKEW) && clock.isEmpty()) {
            possible.remove(FaultKind.SKEW);
            skipped.add("skew: libfaketime is not installed on this machine");
        }
        ClusterPlan cluster = new ClusterPlan(
                program,
                folder,
                SHAPE.brokers(),
                SHAPE.processors(),
                SHAPE.doors(),
                PARTITIONS,
                Map.of(),
                "",
                possible.contains(FaultKind.DISK) ? DISK_MEGABYTES : 0,
                possible.contains(FaultKind.SKEW) ? clock.stream().toList() : List.of());
        return new ChaosPlan(
                cluster,
                duration,
                seed,
                rate,
                CLIENTS,
                Schedule.of(seed, duration, possible, SHAPE),
                AWAY,
                STALL,
                skipped);
    }

    /** Deletes a folder with what is in it. */
    public static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
