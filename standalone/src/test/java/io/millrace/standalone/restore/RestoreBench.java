package io.millrace.standalone.restore;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.processor.Processor;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.backlog.Backlog;
import io.millrace.standalone.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long a processor with many users takes from its start until it scores: with the local state that an orderly stop left,
 * and with none, from the changelogs. Broker and processor are one JVM.
 *
 * <pre>RestoreBench [users] [events a user]</pre>
 */
public final class RestoreBench {
    private static final int PARTITIONS = 6;

    private final Backlog backlog;
    private final Path state;
    private final int users;
    private final Random random = new Random(1);
    private int sent;
    private int done;

    private RestoreBench(EmbeddedBroker broker, Path state, int users) {
        this.backlog = new Backlog(broker.bootstrap(), PARTITIONS);
        this.state = state;
        this.users = users;
    }

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    public static void main(String[] args) throws Exception {
        int users = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int each = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        Path folder = Files.createTempDirectory("millrace-restore");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            RestoreBench bench = new RestoreBench(broker, folder.resolve("state"), users);
            bench.backlog.create();
            for (int i = 0; i < each; i++) {
                bench.send(users);
            }
            System.out.println(bench.start("the state is made"));
            System.out.printf(Locale.ROOT, "local state: %,d MiB%n", bench.bytes() >> 20);
            for (int round = 1; round <= 3; round++) {
                bench.send(1);
                System.out.println(bench.start("from the local disk"));
                bench.send(1);
                bench.delete();
                System.out.println(bench.start("from the changelogs"));
            }
        }
        System.exit(0);
    }

    /** Starts a processor, waits until it has scored all that was sent, and stops it. */
    private String start(String what) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        DeployedModels models = new DeployedModels();
        models.register(shipped.manifest(), shipped.artifact());
        models.deploy(shipped.manifest().model().version(), null, List.of());
        int before = sent;
        long began = System.nanoTime();
        double seconds;
        double restored;
        try (Processor processor = Processor.start(backlog.processor("millrace-processor", state), registry, models)) {
            double expected = before - done;
            while (registry.get("millrace.events.processed").counter().count() < expected) {
                LockSupport.parkNanos(5_000_000);
            }
            seconds = (System.nanoTime() - began) / 1e9;
            restored = registry.get("millrace.state.restored").counter().count();
            processor.health();
        }
        done = before;
        return String.format(
                Locale.ROOT,
                "%s: %.1f s until the newest event was taken, %,.0f records restored",
                what,
                seconds,
                restored);
    }

    /** The first events of as many users, or the next of some. */
    private void send(int count) throws Exception {
        backlog.send(count, unused -> {
            int number = sent++;
            return Backlog.shopEvent(number, "user-" + number % users, "product_viewed", Instant.now(), random);
        });
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
