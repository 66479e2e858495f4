package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.cluster.Cluster;
import io.millrace.standalone.chaos.cluster.ClusterPlan;
import io.millrace.standalone.chaos.cluster.Part;
import io.millrace.standalone.chaos.load.Load;
import io.millrace.standalone.cli.Millrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How long predictions of any partition stand still while processors are restarted one after the other, under load: from the
 * door's receipt until a read_committed consumer has the prediction.
 *
 * <pre>RollBench [standby replicas] [events a second] [rounds]</pre>
 */
public final class RollBench {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String TOPIC = "predictions";
    private static final int PARTITIONS = 6;
    /** Cold JVMs need a while; then so much of what the bench is about is watched at a time. */
    private static final int WARMING_SECONDS = 60;

    private static final int WATCHED_SECONDS = 30;

    /** By partition the longest that a prediction took, since the last look, and how many there were. */
    private final Map<Integer, long[]> longest = new TreeMap<>();

    private RollBench() {}

    public static void main(String[] args) throws Exception {
        String standbys = args.length > 0 ? args[0] : "1";
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 60;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        Path folder = Files.createTempDirectory("millrace-roll-");
        ClusterPlan plan = new ClusterPlan(
                Millrace.class.getName(),
                folder,
                1,
                2,
                1,
                PARTITIONS,
                Map.of("MILLRACE_PROCESSOR_STANDBY_REPLICAS", standbys),
                "",
                0,
                List.of());
        System.out.printf("%s standby replicas, %.0f events/s; logs in %s%n", standbys, rate, folder);
        try (Cluster cluster = new Cluster(plan)) {
            cluster.start(PATIENCE).ifPresent(part -> {
                throw new IllegalStateException(part + " does not serve; see its log");
            });
            RollBench bench = new RollBench();
            AtomicBoolean over = new AtomicBoolean();
            Thread reader = new Thread(() -> bench.read(cluster.bootstrap(), over), "reader");
            try (Load load = new Load(folder.resolve("clients"), cluster.doorPorts(), cluster.writeKey(), 8, rate, 1)) {
                reader.start();
                TimeUnit.SECONDS.sleep(WARMING_SECONDS);
                bench.say("starting, and the first minute");
                TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
                bench.say("nothing is restarted");
                for (int round = 0; round < rounds; round++) {
                    for (Part processor : cluster.processors()) {
                        long began = System.nanoTime();
                        boolean orderly = processor.stop(PATIENCE);
                        double stopped = (System.nanoTime() - began) / 1e9;
                        processor.start();
                        boolean ready = processor.awaitReady(PATIENCE);
                        double served = (System.nanoTime() - began) / 1e9;
                        TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
                        bench.say(String.format(
                                "%s: stopped after %.1f s%s, serving after %.1f s%s",
                                processor.name(),
                                stopped,
                                orderly ? "" : " (killed)",
                                served,
                                ready ? "" : " (not yet)"));
                    }
                }
                load.stop(PATIENCE);
            }
            over.set(true);
            reader.join();
        }
        System.exit(0);
    }

    private void read(String bootstrap, AtomicBoolean over) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!over.get()) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(50))) {
                    // A prediction's timestamp is its event's receipt.
                    took(each.partition(), System.currentTimeMillis() - each.timestamp());
                }
            }
        }
    }

    private synchronized void took(int partition, long millis) {
        long[] known = longest.computeIfAbsent(partition, unused -> new long[2]);
        known[0] = Math.max(known[0], millis);
        known[1]++;
    }

    private synchronized void say(String what) {
        System.out.println(what);
        longest.forEach((partition, of) ->
                System.out.printf("  partition %d: %,d predictions, the slowest %,d ms%n", partition, of[1], of[0]));
        longest.clear();
    }
}
