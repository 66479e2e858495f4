package io.millrace.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.standalone.chaos.check.Violation;
import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.fault.Fault;
import io.millrace.standalone.chaos.fault.FaultKind;
import io.millrace.standalone.cli.Millrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A checker that finds nothing proves nothing until it has found something: faults are put into the pipeline's code on purpose,
 * in a copy that only the child processes see, and it must find each. Minutes, so not in CI: docs/chaos.md says how to run it.
 */
@EnabledIfSystemProperty(named = "millrace.sabotage", matches = "true|[A-Z_,]+")
class SabotageIT {
    private static final Duration STALL = Duration.ofMinutes(2);
    private static final Duration DURATION = Duration.ofSeconds(65);

    @ParameterizedTest
    @EnumSource
    void isFound(Sabotage sabotage, @TempDir Path folder) throws Exception {
        String asked = System.getProperty("millrace.sabotage", "");
        assumeTrue(asked.equals("true") || List.of(asked.split(",", -1)).contains(sabotage.name()));
        ClusterPlan cluster = new ClusterPlan(
                Millrace.class.getName(),
                folder.resolve("cluster"),
                1,
                1,
                1,
                2,
                Map.of("MILLRACE_PROCESSOR_COMMIT_INTERVAL", "400ms", "MILLRACE_PROCESSOR_BATCH_LINGER", "200ms"),
                sabotage.compile(folder.resolve("classes")).toString(),
                0,
                List.of());
        ChaosPlan plan = new ChaosPlan(cluster, DURATION, 1, 200, 4, schedule(), 2, STALL, List.of());

        ChaosReport report = new ChaosRun(plan, System.out::println).run();

        System.out.println("sabotage: " + sabotage);
        report.summary().forEach(System.out::println);
        // All was taken: what is missing is not only late.
        assertThat(report.verdict().counts()).containsEntry("9 records not taken", 0L);
        Set<Violation> found = report.verdict().violations().keySet();
        assertThat(found).as("%s", report.summary()).isNotEmpty().containsAnyElementsOf(sabotage.expected());
    }

    /** The broker away for longer than the door waits, the door and the database killed, the processor ended in both ways. */
    private static List<Fault> schedule() {
        List<Fault> faults = new ArrayList<>();
        faults.add(fault(5_000, FaultKind.RESTART, "processor-1", 0));
        faults.add(fault(22_000, FaultKind.KILL, "processor-1", 0));
        faults.add(fault(30_000, FaultKind.PAUSE, "broker-1", 6_000));
        faults.add(fault(38_000, FaultKind.KILL, "ingest-1", 0));
        faults.add(fault(40_000, FaultKind.KILL, "processor-1", 0));
        faults.add(fault(43_000, FaultKind.KILL, "postgres", 500));
        faults.add(fault(56_000, FaultKind.KILL, "processor-1", 0));
        faults.add(fault(59_000, FaultKind.KILL, "postgres", 500));
        return faults;
    }

    private static Fault fault(long atMillis, FaultKind kind, String target, long holdMillis) {
        return new Fault(Duration.ofMillis(atMillis), kind, target, Duration.ofMillis(holdMillis), 0);
    }
}
