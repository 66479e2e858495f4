package io.millrace.standalone.chaos.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a cluster is made of.
 *
 * @param program the main class that runs millrace's commands
 * @param folder of its data and logs
 * @param brokers how many
 * @param processors how many
 * @param doors how many
 * @param partitions of topics
 * @param extra settings of processors and doors, by the names of their environment variables
 * @param classesBefore what stands before the class path of processors and doors; empty for nothing
 * @param smallDiskMegabytes of the last broker, on a file system of its own that can be filled; 0 for none
 * @param clock a library that fakes clocks, or empty
 */
public record ClusterPlan(
        String program,
        Path folder,
        int brokers,
        int processors,
        int doors,
        int partitions,
        Map<String, String> extra,
        String classesBefore,
        int smallDiskMegabytes,
        List<Path> clock) {
    public ClusterPlan {
        extra = Map.copyOf(extra);
        clock = List.copyOf(clock);
    }
}
