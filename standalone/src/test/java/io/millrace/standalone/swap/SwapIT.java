package io.millrace.standalone.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.config.Settings;
import io.millrace.model.Deployment;
import io.millrace.model.Deployment.Guardrails;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.model.ModelState.Phase;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.swap.Load.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models change under full load: every event is predicted once, in its user's order, and no partition sees an older version
 * after a newer one. Says how long nothing came out; {@code -Dmillrace.swaps=50} makes it a measurement.
 */
class SwapIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SWAPS = Integer.getInteger("millrace.swaps", 4);
    private static final int AHEAD = Integer.getInteger("millrace.swaps.ahead", 3_000);
    private static final int QUIET = Integer.getInteger("millrace.swaps.quiet", 3_000);

    @Test
    void everyEventOnceInOrder_whileChampionsChange(@TempDir Path folder) throws Exception {
        DeployedModels models = new DeployedModels();
        for (int i = 0; i <= SWAPS; i++) {
            models.register("v" + i);
        }
        models.deploy("v0", null, List.of());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                Processor processor = start(broker, folder.resolve("state"), models, meters);
                Load load = new Load(broker.bootstrap(), AHEAD, 0)) {
            turnUntil(load, () -> load.seen().size() > QUIET);
            int quiet = load.seen().size();
            long before = residentKiB();
            for (int i = 1; i <= SWAPS; i++) {
                String version = "v" + i;
                models.deploy(version, null, List.of());
                turnUntil(load, () -> isServing(processor, version));
                int since = load.seen().size();
                turnUntil(load, () -> load.seen().size() > since + AHEAD / 2);
            }
            long after = residentKiB();
            int swapped = load.seen().size();
            turnUntil(load, () -> load.seen().size() > swapped + QUIET);
            readUntil(load, () -> load.seen().size() >= load.sent());

            holdToOrder(load);
            report(load.seen().subList(quiet, swapped), load.seen().subList(QUIET / 2, quiet), meters, before, after);
        }
    }

    @Test
    void aRestart_scoresWithWhatIsDeployed_andABadCanaryIsTakenBack(@TempDir Path folder) throws Exception {
        DeployedModels models = new DeployedModels();
        models.register("v0");
        models.register("v1");
        models.deploy("v0", null, List.of());
        int sent;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            try (Processor processor = start(broker, folder.resolve("one"), models, new SimpleMeterRegistry());
                    Load load = new Load(broker.bootstrap(), 500, 0)) {
                turnUntil(load, () -> load.seen().size() > 100);
                models.deploy("v1", null, List.of());
                turnUntil(load, () -> isServing(processor, "v1"));
                readUntil(load, () -> load.seen().size() >= load.sent());
                sent = load.next();
            }
            // Slower than a nanosecond: whatever it is, it is taken back.
            Guardrails guardrails = new Guardrails(0, Duration.ofNanos(1), 1e9, 100);
            try (Processor processor = start(broker, folder.resolve("two"), models, new SimpleMeterRegistry());
                    Load load = new Load(broker.bootstrap(), 500, sent)) {
                assertThat(processor.modelStates())
                        .extracting(state -> state.model().version())
                        .containsExactly("v1");
                turnUntil(load, () -> load.seen().size() > 500);
                assertThat(load.seen()).extracting(Seen::version).containsOnly("v1");
                models.deploy("v1", new Deployment.Canary("v0", 50, guardrails), List.of());
                turnUntil(load, () -> !models.withdrawn().isEmpty());
                turnUntil(load, () -> processor.modelStates().size() == 1);
                readUntil(load, () -> load.seen().size() >= load.sent());

                assertThat(models.withdrawn()).hasSize(1).first().asString().contains("purchase-intent@v0 took");
                assertThat(load.seen()).extracting(Seen::version).contains("v0");
            }
        }
    }

    private static void holdToOrder(Load load) {
        assertThat(load.seen()).extracting(Seen::event).doesNotHaveDuplicates().hasSize(load.sent());
        Map<String, Integer> lastOfUser = new HashMap<>();
        Map<Integer, Integer> versionOfPartition = new HashMap<>();
        for (Seen one : load.seen()) {
            Integer before = lastOfUser.put(one.user(), one.event());
            assertThat(before == null ? -1 : before).isLessThan(one.event());
            int version = Integer.parseInt(one.version().substring(1));
            Integer older = versionOfPartition.put(one.partition(), version);
            assertThat(older == null ? 0 : older).isLessThanOrEqualTo(version);
        }
        assertThat(versionOfPartition.values()).containsOnly(SWAPS);
    }

    private static void report(
            List<Seen> swapping, List<Seen> quiet, SimpleMeterRegistry meters, long before, long after) {
        System.out.printf(
                "%d swaps within %d predictions: longest times without a prediction %s ms, without swaps %s ms in %d;"
                        + " longest step of a swap %.1f ms of %d; resident %d MiB before, %d MiB after%n",
                SWAPS,
                swapping.size(),
                longestGaps(swapping),
                longestGaps(quiet),
                quiet.size(),
                meters.get("millrace.swap.held").timer().max(TimeUnit.MILLISECONDS),
                meters.get("millrace.swap.held").timer().count(),
                before >> 10,
                after >> 10);
    }

    /** 0 where the operating system does not say. */
    private static long residentKiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** The five longest times without a prediction, in milliseconds. */
    private static List<Long> longestGaps(List<Seen> seen) {
        List<Long> times =
                seen.stream().map(one -> one.scoredAt().toEpochMilli()).sorted().toList();
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        gaps.sort(Comparator.reverseOrder());
        return gaps.subList(0, Math.min(5, gaps.size()));
    }

    private static boolean isServing(Processor processor, String version) {
        List<ModelState> states = processor.modelStates();
        return states.size() == 1
                && states.get(0).model().version().equals(version)
                && states.get(0).phase() == Phase.SERVING;
    }

    private static void turnUntil(Load load, BooleanSupplier done) {
        until(done, load::turn);
    }

    private static void readUntil(Load load, BooleanSupplier done) {
        until(done, load::read);
    }

    private static void until(BooleanSupplier done, Runnable turn) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE);
            }
            turn.run();
        }
    }

    private static Processor start(EmbeddedBroker broker, Path state, DeployedModels models, SimpleMeterRegistry meters)
            throws Exception {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap",
                        broker.bootstrap(),
                        "topics.partitions",
                        "6",
                        "processor.grpc.port",
                        "0",
                        "processor.state-dir",
                        state.toString(),
                        "postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/nowhere"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        return Processor.start(config, meters, models);
    }
}
