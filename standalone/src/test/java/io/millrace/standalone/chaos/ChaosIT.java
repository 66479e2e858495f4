package io.millrace.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.fault.Fault;
import io.millrace.standalone.chaos.fault.FaultKind;
import io.millrace.standalone.cli.Millrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code millrace chaos}: three brokers, two processors, one door and the database, each a process, and the
 * faults that tell most. It is bounded by what must come out: how long anything takes is not judged.
 */
class ChaosIT {
    private static final Duration STALL = Duration.ofMinutes(2);

    @Test
    void nothingIsLostDoubledOrReordered_whenEachPartIsBroken(@TempDir Path folder) throws Exception {
        List<Fault> schedule = List.of(
                fault(500, FaultKind.CUT, "processor-1-to-broker-2", 4_000),
                fault(1_500, FaultKind.KILL, "broker-1", 1_000),
                fault(3_500, FaultKind.KILL, "ingest-1", 0),
                fault(5_500, FaultKind.KILL, "postgres", 500),
                fault(6_500, FaultKind.PAUSE, "processor-2", 4_000),
                fault(8_000, FaultKind.KILL, "processor-1", 0));
        ChaosPlan plan = new ChaosPlan(
                // Fewer transactions: on two cores with other tests beside, markers would take what there is.
                new ClusterPlan(
                        Millrace.class.getName(),
                        folder,
                        3,
                        2,
                        1,
                        2,
                        Map.of("MILLRACE_PROCESSOR_COMMIT_INTERVAL", "200ms"),
                        "",
                        0,
                        List.of()),
                Duration.ofSeconds(10),
                20_261_123,
                60,
                4,
                schedule,
                2,
                STALL,
                List.of());

        ChaosReport report = new ChaosRun(plan, System.out::println).run();

        assertThat(report.isGood()).as(String.join("\n", report.lines())).isTrue();
        assertThat(report.verdict().counts().get("6 predictions"))
                .as(String.join("\n", report.lines()))
                .isPositive();
    }

    private static Fault fault(long atMillis, FaultKind kind, String target, long holdMillis) {
        return new Fault(Duration.ofMillis(atMillis), kind, target, Duration.ofMillis(holdMillis), 0);
    }
}
