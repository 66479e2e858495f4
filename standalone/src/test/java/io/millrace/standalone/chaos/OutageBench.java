package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.check.Checker;
import io.millrace.standalone.chaos.check.Verdict;
import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.cluster.Part;
import io.millrace.standalone.chaos.load.Load;
import io.millrace.standalone.cli.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What an outage of minutes under load does to what is left: the only broker, the database or the only processor is killed and
 * stays away; resident memory of every process, and how the door answers meanwhile; then it comes back, and the checker says
 * whether all was made up for with nobody's help.
 *
 * <pre>OutageBench [minutes] [events a second] [broker-1,postgres,processor-1]</pre>
 */
public final class OutageBench {
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final Duration STALL = Duration.ofMinutes(2);
    private static final int SAMPLE_SECONDS = 5;
    private static final int CLIENTS = 32;
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final Cluster cluster;
    private final Load load;
    private final Duration outage;

    private OutageBench(Cluster cluster, Load load, Duration outage) {
        this.cluster = cluster;
        this.load = load;
        this.outage = outage;
    }

    public static void main(String[] args) throws Exception {
        Duration outage = Duration.ofSeconds((long) (60 * (args.length > 0 ? Double.parseDouble(args[0]) : 10)));
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 300;
        List<String> away = List.of((args.length > 2 ? args[2] : "broker-1,postgres,processor-1").split(",", -1));
        Path folder = Files.createTempDirectory("millrace-outage-");
        ClusterPlan plan = new ClusterPlan(Millrace.class.getName(), folder, 1, 1, 1, 6, Map.of(), "", 0, List.of());
        System.out.printf(
                "%d s without each of %s, %.0f events/s; logs in %s%n", outage.toSeconds(), away, rate, folder);
        try (Cluster cluster = new Cluster(plan)) {
            cluster.start(PATIENCE).ifPresent(part -> {
                throw new IllegalStateException(part + " does not serve; see its log");
            });
            Path clients = folder.resolve("clients");
            try (Load load = new Load(clients, cluster.doorPorts(), cluster.writeKey(), CLIENTS, rate, 1)) {
                OutageBench bench = new OutageBench(cluster, load, outage);
                bench.watch("before", Duration.ofSeconds(60));
                for (String name : away) {
                    bench.withoutPart(name);
                }
                System.out.println("every request was acknowledged: " + load.stop(PATIENCE));
            }
            judge(clients, cluster);
        }
    }

    private static void judge(Path clients, Cluster cluster) throws Exception {
        long began = System.nanoTime();
        Verdict verdict = new Checker(
                        clients, cluster.bootstrap(), cluster.jdbc(), cluster.user(), cluster.password(), STALL, true)
                .check();
        System.out.printf("all had come out %.0f s after the last request%n", (System.nanoTime() - began) / 1e9);
        verdict.lines().forEach(System.out::println);
    }

    private void withoutPart(String name) throws IOException, InterruptedException {
        Part part = cluster.parts().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("given " + name + ", expected one of " + cluster.parts()));
        part.kill();
        watch("without " + name, outage);
        long back = System.nanoTime();
        part.start();
        cluster.awaitReady(PATIENCE).ifPresent(late -> System.out.println("NOT READY AGAIN: " + late));
        System.out.printf("%s is back; everything was ready after %.1f s%n", name, (System.nanoTime() - back) / 1e9);
        watch("after " + name, Duration.ofSeconds(60));
    }

    private void watch(String what, Duration time) throws InterruptedException {
        List<String> unused = load.tally().lap();
        long before = load.tally().acknowledged();
        Map<String, long[]> resident = new LinkedHashMap<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            sample(resident);
            boolean unusedEnd = NEVER.await(SAMPLE_SECONDS, TimeUnit.SECONDS);
        }
        sample(resident);
        System.out.printf(
                "%n== %s: %,d events acknowledged%n", what, load.tally().acknowledged() - before);
        load.tally().lap().forEach(line -> System.out.println("  " + line));
        resident.forEach((process, kib) -> System.out.printf(
                "  %-10s resident MiB: first %d, most %d, last %d%n",
                process, kib[0] >> 10, kib[1] >> 10, kib[2] >> 10));
        for (Part part : cluster.parts()) {
            if (part.hasDied()) {
                System.out.println("  ENDED BY ITSELF: " + part);
            }
        }
    }

    /** First, most and last of each process, in KiB. */
    private static void sample(Map<String, long[]> resident) {
        ProcessHandle.current().children().forEach(child -> {
            String line = commandLine(child.pid());
            String name = line.contains("BrokerMain")
                    ? "broker"
                    : line.endsWith(" processor") ? "processor" : line.endsWith(" ingest") ? "ingest" : "";
            long kib = name.isEmpty() ? 0 : resident(child.pid());
            if (kib > 0) {
                resident.merge(name, new long[] {kib, kib, kib}, (known, now) ->
                        new long[] {known[0], Math.max(known[1], kib), kib});
            }
        });
    }

    /** As the system has it: ProcessHandle leaves out what is as long as a class path. */
    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static long resident(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
