package io.millrace.standalone.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.Ingest;
import io.millrace.layout.Pipeline;
import io.millrace.processor.Processor;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.move.MoveConfig;
import io.millrace.processor.move.Mover;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.backlog.Backlog;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a move to another number of partitions costs who posts and who reads predictions, while a processor has many users: single
 * events are posted at a steady pace, each timed from when it was due, first while nothing else happens, then while a second stream thread
 * comes and goes, then while events move to more partitions and back. Broker, door, processor, the tool and the clients are one JVM.
 *
 * <pre>ScaleBench [users] [events a second] [seconds without a move] [records copied a second]</pre>
 */
public final class ScaleBench {
    private static final int FEW = 6;
    private static final int MANY = 12;
    private static final String WRITE_KEY = "scale";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Posted> posted = new ConcurrentLinkedQueue<>();
    private final Queue<Long> seen = new ConcurrentLinkedQueue<>();
    private final EmbeddedBroker broker;
    private final int users;
    private final int rate;
    private final int rateOfCopying;
    private volatile boolean stopped;

    /** @param tookNanos from when it was due until it was answered */
    private record Posted(long dueNanos, long tookNanos, int status) {}

    private ScaleBench(EmbeddedBroker broker, int users, int rate, int rateOfCopying) {
        this.broker = broker;
        this.users = users;
        this.rate = rate;
        this.rateOfCopying = rateOfCopying;
    }

    public static void main(String[] args) throws Exception {
        int users = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        int quiet = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        int copying = args.length > 3 ? Integer.parseInt(args[3]) : 10_000;
        Path folder = Files.createTempDirectory("millrace-scale");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            new ScaleBench(broker, users, rate, copying).run(folder.resolve("state"), quiet);
        }
        System.exit(0);
    }

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    private void run(Path state, int quiet) throws Exception {
        Backlog backlog = new Backlog(broker.bootstrap(), FEW);
        backlog.create();
        Random random = new Random(1);
        backlog.send(users, i -> Backlog.shopEvent(i, "user-" + i, "product_viewed", Instant.now(), random));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Processor processor = Processor.start(backlog.processor("millrace-processor", state), registry, models());
                Ingest door = Door.start(broker.bootstrap(), WRITE_KEY)) {
            while (registry.get("millrace.events.processed").counter().count() < users) {
                LockSupport.parkNanos(50_000_000);
            }
            System.out.printf(Locale.ROOT, "%,d users in %d partitions%n", users, FEW);
            Thread reader = new Thread(this::read, "predictions");
            Thread client = new Thread(() -> post(door.port()), "client");
            reader.start();
            client.start();
            TimeUnit.SECONDS.sleep(quiet); // of a program that warms up, not of a test
            System.out.println(during("warming up", () -> TimeUnit.SECONDS.sleep(1)));
            System.out.println(during("without a move", () -> TimeUnit.SECONDS.sleep(quiet)));
            for (int threads : new int[] {2, 1}) {
                System.out.println(during(threads + " threads", () -> {
                    mover(System.nanoTime()).threads(null, threads);
                    TimeUnit.SECONDS.sleep(quiet);
                }));
            }
            for (int to : new int[] {MANY, FEW}) {
                System.out.println(during(
                        "to " + to + " partitions",
                        () -> mover(System.nanoTime()).move(to)));
                System.out.println(during("after it", () -> TimeUnit.SECONDS.sleep(quiet)));
            }
            stopped = true;
            client.join();
            reader.join();
            processor.health();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private String during(String what, Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        long ended = System.nanoTime();
        List<Posted> posts = posted.stream()
                .filter(one -> one.dueNanos() - began >= 0 && one.dueNanos() - ended < 0)
                .toList();
        List<Long> took = posts.stream().map(Posted::tookNanos).sorted().toList();
        List<Long> times =
                seen.stream().filter(at -> at - began >= 0 && at - ended < 0).toList();
        List<Long> gaps = new ArrayList<>(List.of(0L));
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        return String.format(
                Locale.ROOT,
                "%-16s %5.1f s; %,d posted, %d not accepted, ms p50 %.1f p99 %.1f longest %.1f;"
                        + " longest time without a prediction %.0f ms",
                what,
                (ended - began) / 1e9,
                posts.size(),
                posts.stream().filter(one -> one.status() != 202).count(),
                at(took, 0.5),
                at(took, 0.99),
                at(took, 1),
                Collections.max(gaps) / 1e6);
    }

    private static double at(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share)) / 1e6;
    }

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    private Mover mover(long began) {
        MoveConfig config =
                new MoveConfig(broker.bootstrap(), "millrace-processor", rateOfCopying, Duration.ofMinutes(5));
        return new Mover(config, Clock.systemUTC(), new Mover.Listener() {
            @Override
            public void phase(Pipeline pipeline) {
                System.out.printf(
                        Locale.ROOT,
                        "  %6.2f s %s%n",
                        (System.nanoTime() - began) / 1e9,
                        pipeline.phase().text());
            }

            @Override
            public void copied(long records, long left) {}
        });
    }

    /** When predictions come, as who reads what is committed sees it. */
    private void read() {
        try (Log predictions = new Log(broker.bootstrap(), Topic.PREDICTIONS.topicName())) {
            for (int before = 0; !stopped; ) {
                int now = predictions.read().size();
                if (now > before) {
                    seen.add(System.nanoTime());
                    before = now;
                }
            }
        }
    }

    /** An event a while, whether or not the one before was answered. */
    private void post(int port) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/v1/events");
        String authorization = "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(UTF_8));
        Random random = new Random(2);
        long due = System.nanoTime();
        for (int i = 0; !stopped; i++, due += 1_000_000_000L / rate) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            String event = "{\"id\":\"b-" + i + "\",\"userId\":\"user-" + random.nextInt(users)
                    + "\",\"name\":\"product_viewed\",\"properties\":{\"price\":" + i % 100 + ",\"product_id\":\"p"
                    + i % 50 + "\"}}";
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("authorization", authorization)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(event))
                    .build();
            long since = due;
            var unused = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .whenComplete((answer, failure) -> posted.add(
                            new Posted(since, System.nanoTime() - since, failure == null ? answer.statusCode() : -1)));
        }
    }

    private static DeployedModels models() throws Exception {
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        DeployedModels models = new DeployedModels();
        models.register(shipped.manifest(), shipped.artifact());
        models.deploy(shipped.manifest().model().version(), null, List.of());
        return models;
    }
}
