package io.millrace.standalone.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.processor.train.file.EventFiles;
import io.millrace.processor.train.file.FileEvent;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileLine;
import io.millrace.standalone.cli.Millrace;
import io.millrace.standalone.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace train}, whole: from a topic as from files, and through a kill -9. */
class TrainIT {
    private static final String TOPIC = "user-events";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int EVENTS = 3000;
    private static final String MODEL = """
            model:
              name: again
              version: "1"
              selects: {events: [product_viewed]}
              features:
                - {name: added_1h, type: count, events: [product_added], window: 1h}
                - {name: views_10m, type: count, events: [product_viewed], window: 10m, transform: log1p}
              sequence:
                length: 10
                features: [{name: is_added, type: property, property: $name, equals: product_added}]
                sinceLast: gap
                transform: log1p
              inputs: [features, sequence]
              output: {activation: sigmoid}
              label: purchase
              outcome: {type: event, events: [order_completed], within: 10m}
              provenance: {trainedOn: synthetic shoppers, licence: Apache-2.0}
            split: {test: 0.3, validation: 0.2}
            card: {purpose: to be trained again, limits: [], command: none}
            """;

    private final Path folder;

    TrainIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("events.ndjson"), String.join("\n", events()));
    }

    @Test
    void topic_givesTheModelThatItsCommittedEventsInAFileGive() throws Exception {
        List<String> events = events();
        Files.writeString(folder.resolve("part.ndjson"), String.join("\n", events.subList(500, EVENTS - 100)));
        String fit = "fit: {recurrent: {cell: gru, units: 4}, epochs: 3}\n";
        Path fromFile = config("file", "data: {files: [part.ndjson], format: ndjson, source: shop}\n" + fit);
        Path fromTopic = config(
                "topic",
                "data: {topic: " + TOPIC + ", from: " + time(500) + ", to: " + time(EVENTS - 100) + "}\n" + fit);

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            publish(broker);
            assertThat(train(fromTopic, "topic", "--force", "--kafka", broker.bootstrap()))
                    .isZero();
        }

        assertThat(train(fromFile, "file", "--force")).isZero();
        for (String file : List.of("model.params", "model.yaml")) {
            assertThat(folder.resolve("topic-model").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("file-model").resolve(file));
        }
    }

    @Test
    void killedAndResumed_givesTheSameModel() throws Exception {
        Path config = config("long", """
                data: {files: [events.ndjson], format: ndjson, source: shop}
                fit: {recurrent: {cell: gru, units: 8}, hidden: [8], epochs: 40, patience: 40}
                """);
        Path checkpoints = folder.resolve("checkpoints");

        kill(config, checkpoints);

        assertThat(train(config, "long", "--force", "--checkpoint", checkpoints.toString()))
                .isEqualTo(1);
        assertThat(train(config, "long", "--force", "--checkpoint", checkpoints.toString(), "--resume"))
                .isZero();
        Path resumed = Files.move(folder.resolve("long-model"), folder.resolve("resumed-model"));
        assertThat(train(config, "long", "--force")).isZero();
        Path through = folder.resolve("long-model");
        for (String file : List.of("model.params", "model.yaml")) {
            assertThat(resumed.resolve(file)).hasSameBinaryContentAs(through.resolve(file));
        }
        assertThat(cardOfTheNetwork(resumed)).isEqualTo(cardOfTheNetwork(through));
    }

    /** Not the baseline's figures: PyTorch was seen to fit it to another last digit in another process. */
    private static List<String> cardOfTheNetwork(Path model) throws IOException {
        return Files.readAllLines(model.resolve("MODEL_CARD.md")).stream()
                .filter(line -> !line.contains("logistic regression"))
                .toList();
    }

    /** As soon as there is a first checkpoint. */
    private void kill(Path config, Path checkpoints) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Millrace.class.getName(),
                        "train",
                        config.toString(),
                        folder.resolve("killed-model").toString(),
                        "--force",
                        "--files",
                        folder.toString(),
                        "--checkpoint",
                        checkpoints.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (!hasCheckpoint(checkpoints)) {
                assertThat(System.nanoTime()).as(this::log).isLessThan(process.isAlive() ? deadline : Long.MIN_VALUE);
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("killed.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean hasCheckpoint(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".checkpoint"));
        }
    }

    private int train(Path config, String name, String... options) {
        List<String> line = new ArrayList<>(List.of(
                "train", config.toString(), folder.resolve(name + "-model").toString(), "--files", folder.toString()));
        line.addAll(List.of(options));
        return Millrace.execute(line.toArray(String[]::new));
    }

    private Path config(String name, String rest) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), MODEL + rest);
    }

    /** In a transaction; another with an order of everybody, which would change all labels, is given up. */
    private void publish(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get(60, TimeUnit.SECONDS);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "train-it"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                Stream<FileLine> lines = EventFiles.open(folder.resolve("events.ndjson"), FileFormat.NDJSON)) {
            producer.initTransactions();
            producer.beginTransaction();
            List<Event> events = lines.map(line -> ((FileEvent) line).event(new Source("shop")))
                    .toList();
            for (Event event : events) {
                send(producer, event);
            }
            producer.commitTransaction();
            producer.beginTransaction();
            // Were they read, their outcomes would be others.
            for (int i = 600; i < EVENTS - 200; i += 2) {
                send(producer, order(i));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static Event order(int i) {
        return new FileEvent(
                        i,
                        JsonObject.of("{\"id\":\"x" + i + "\",\"userId\":\"u" + i % 40
                                + "\",\"name\":\"order_completed\",\"timestamp\":\"" + time(i) + "\"}"))
                .event(new Source("shop"));
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Event event) {
        long time = event.times().event().toEpochMilli();
        var unused = producer.send(
                new ProducerRecord<>(TOPIC, null, time, event.user().text().getBytes(UTF_8), EventCodec.encode(event)));
    }

    private static Instant time(int event) {
        return START.plusSeconds(3L * event);
    }

    /** Who adds to the cart buys more often. */
    private static List<String> events() {
        Random random = new Random(1);
        boolean[] added = new boolean[40];
        List<String> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            int user = random.nextInt(added.length);
            boolean buys = added[user] && random.nextInt(4) == 0;
            boolean adds = !buys && random.nextInt(20) == 0;
            added[user] = !buys && (adds || added[user]);
            String name = buys ? "order_completed" : adds ? "product_added" : "product_viewed";
            events.add("{\"id\":\"e" + i + "\",\"userId\":\"u" + user + "\",\"name\":\"" + name + "\",\"timestamp\":\""
                    + time(i) + "\"}");
        }
        return events;
    }
}
