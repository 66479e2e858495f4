package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A run.
 *
 * @param cluster what is broken
 * @param duration how long
 * @param seed of the load; the schedule is made from it, too
 * @param rate events a second of all clients together
 * @param clients how many
 * @param schedule what is done, in the order of times
 * @param away the number of partitions that the pipeline is moved to
 * @param stall how long nothing may come out at the end before what is missing counts as lost
 * @param skipped kinds of faults that this machine does not allow, each with its reason
 */
public record ChaosPlan(
        ClusterPlan cluster,
        Duration duration,
        long seed,
        double rate,
        int clients,
        List<Fault> schedule,
        int away,
        Duration stall,
        List<String> skipped) {
    public ChaosPlan {
        schedule = List.copyOf(schedule);
        skipped = List.copyOf(skipped);
    }

    /** What was to be, for a person; the same for the same seed. */
    public List<String> announcement() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "seed %d, %d s, %.0f events/s of %d clients; %d brokers, %d processors, %d ingest-apis, PostgreSQL",
                seed(),
                duration().toSeconds(),
                rate(),
                clients(),
                cluster.brokers(),
                cluster.processors(),
                cluster.doors()));
        skipped().forEach(line -> lines.add("skipped: " + line));
        schedule().forEach(fault -> lines.add(fault.toString()));
        return lines;
    }
}
