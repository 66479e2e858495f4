package io.millrace.standalone.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.config.Settings;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** A broker, and one processor after the other on the same state directory. Each event is of a second later than the one before. */
final class StateStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final List<Event> published = new ArrayList<>();
    final List<Prediction> predictions = new ArrayList<>();
    private final Path folder;
    private final int partitions;
    private final EmbeddedBroker broker;
    private final DeployedModels models = new DeployedModels();
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /**
     * The first events are of the day before yesterday, the others of yesterday, whenever this runs: seen events are kept by
     * the day (UTC), and of more than two days, which 29 hours can touch, the first is forgotten.
     */
    private Instant time = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(42));

    StateStage(Path folder, int partitions) throws Exception {
        this.folder = folder;
        this.partitions = partitions;
        models.register("1");
        models.deploy("1", null, List.of());
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        Map<String, Object> bootstrap = Map.of("bootstrap.servers", broker.bootstrap());
        producer = new KafkaProducer<>(bootstrap, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A processor, and what it restored. */
    record Instance(Processor processor, SimpleMeterRegistry meters) implements AutoCloseable {
        boolean isRunning() {
            return processor.health().stream().anyMatch(part -> part.part().equals("streams") && part.ready());
        }

        double restored() {
            return meters.get("millrace.state.restored").counter().count();
        }

        @Override
        public void close() {
            processor.close();
        }
    }

    /** Started, with all its state. */
    Instance start() throws Exception {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap", broker.bootstrap(),
                        "topics.partitions", Integer.toString(partitions),
                        "postgres.url", "jdbc:postgresql://127.0.0.1:1/nowhere",
                        "processor.state-dir", state().toString(),
                        "processor.grpc.port", "0"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Instance instance = new Instance(Processor.start(config, meters, models), meters);
        until("the topology runs", instance::isRunning);
        return instance;
    }

    Path state() {
        return folder.resolve("state");
    }

    /** Of a task. */
    Path task(int partition) {
        return state().resolve("millrace-processor").resolve("0_" + partition);
    }

    /** A user whose events are on this partition. */
    String user(int partition, int number) {
        int left = number;
        for (int i = 0; ; i++) {
            String user = "u" + i;
            if (Utils.toPositive(Utils.murmur2(("web:" + user).getBytes(UTF_8))) % partitions == partition
                    && left-- == 0) {
                return user;
            }
        }
    }

    /** What comes next is of the next day. */
    void passADay() {
        time = time.plus(Duration.ofHours(29));
    }

    /** A new event of each. */
    void publish(List<String> users) throws Exception {
        List<Event> events = new ArrayList<>();
        for (String user : users) {
            int number = published.size() + events.size();
            time = time.plusSeconds(1);
            events.add(new Event(
                    new EventId("e" + number),
                    new Source("web"),
                    user,
                    null,
                    EventKind.TRACK,
                    "product_viewed",
                    JsonObject.of("{\"price\":" + number % 50 + ",\"product_id\":\"p" + number % 7 + "\"}"),
                    JsonObject.EMPTY,
                    JsonObject.EMPTY,
                    new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED)));
        }
        published.addAll(events);
        send(events);
    }

    void send(List<Event> events) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (Event event : events) {
            sent.add(producer.send(new ProducerRecord<>(
                    Topic.USER_EVENTS.topicName(), event.user().text().getBytes(UTF_8), EventCodec.encode(event))));
        }
        for (Future<?> each : sent) {
            each.get();
        }
    }

    /** All predictions, once there is one for each event that was published. */
    void awaitPredictions() {
        if (consumer.assignment().isEmpty()) {
            List<TopicPartition> all = consumer.partitionsFor(Topic.PREDICTIONS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
        }
        until("predictions of " + published.size() + " events", () -> {
            consumer.poll(Duration.ofMillis(50)).forEach(record -> {
                try {
                    predictions.add(PredictionCodec.decode(record.value()));
                } catch (DecodeException e) {
                    throw new AssertionError(e);
                }
            });
            return predictions.size() >= published.size();
        });
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + PATIENCE);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
        broker.close();
    }
}
