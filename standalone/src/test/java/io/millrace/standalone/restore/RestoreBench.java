package io.millrace.standalone.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.EventCodec;
import io.millrace.config.Settings;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long a processor with many users takes from its start until it scores: with the local state that an orderly stop left,
 * and with none, from the changelogs. Broker and processor are one JVM.
 *
 * <pre>RestoreBench [users] [events a user]</pre>
 */
public final class RestoreBench {
    private static final int PARTITIONS = 6;

    private final EmbeddedBroker broker;
    private final Path state;
    private final int users;
    private final Random random = new Random(1);
    private int sent;
    private int done;

    private RestoreBench(EmbeddedBroker broker, Path state, int users) {
        this.broker = broker;
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
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
                new TopicCreator(admin, Duration.ofMinutes(1)).createMissing(PARTITIONS, (short) 1);
            }
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
        try (Processor processor = Processor.start(config(), registry, models)) {
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

    private ProcessorConfig config() {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap",
                        broker.bootstrap(),
                        "topics.partitions",
                        Integer.toString(PARTITIONS),
                        "processor.grpc.port",
                        "0",
                        "processor.state-dir",
                        state.toString(),
                        // Rows are another bench's.
                        "postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/nowhere"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        return config;
    }

    /** The first events of as many users, or the next of some. */
    private void send(int count) throws Exception {
        List<Future<?>> answers = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        // New partitions may have no leader yet, and an idempotent producer does not get over that.
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                Event event = event();
                answers.add(producer.send(new ProducerRecord<>(
                        Topic.USER_EVENTS.topicName(), event.user().text().getBytes(UTF_8), EventCodec.encode(event))));
            }
        }
        for (Future<?> each : answers) {
            each.get();
        }
    }

    private Event event() {
        Instant now = Instant.now();
        int number = sent++;
        return new Event(
                new EventId("01890a5d-ac96-774b-bcce-" + number),
                new Source("web"),
                "user-" + number % users,
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"product_id\":\"p" + random.nextInt(5_000) + "\",\"category_id\":\"c"
                        + random.nextInt(100) + "\",\"price\":" + (random.nextInt(20_000) / 100.0) + "}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(now, null, now, now, EventTimes.Basis.PRODUCER));
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
