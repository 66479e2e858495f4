package io.millrace.standalone.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker, processors on it, a producer and a reader of predictions. The store is away, and nobody here needs it. */
final class ScoringStage implements AutoCloseable {
    static final Source SOURCE = new Source("web");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTITIONS = 4;

    final EmbeddedBroker broker;
    private final Path folder;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Prediction> predictions = new HashMap<>();
    private final Deque<Instance> instances = new ArrayDeque<>();

    /** One processor and its meters. */
    record Instance(Processor processor, SimpleMeterRegistry meters) implements AutoCloseable {
        int port() {
            return processor.grpcPort();
        }

        boolean isRunning() {
            return processor.health().stream().anyMatch(part -> part.part().equals("streams") && part.ready());
        }

        double forwarded() {
            Counter counter = meters.find("millrace.serve.forwarded").counter();
            return counter == null ? 0 : counter.count();
        }

        @Override
        public void close() {
            processor.close();
        }
    }

    ScoringStage(Path folder) {
        this.folder = folder;
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        Map<String, Object> bootstrap = Map.of("bootstrap.servers", broker.bootstrap());
        producer = new KafkaProducer<>(bootstrap, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    Instance start(String name) throws Exception {
        return start(name, Map.of());
    }

    /** @param differing settings */
    Instance start(String name, Map<String, String> differing) throws Exception {
        Map<String, String> flags = new HashMap<>(Map.of(
                "kafka.bootstrap", broker.bootstrap(),
                "topics.partitions", Integer.toString(PARTITIONS),
                "postgres.url", "jdbc:postgresql://127.0.0.1:1/absent",
                "processor.state-dir", folder.resolve(name).toString(),
                "processor.grpc.port", "0"));
        flags.putAll(differing);
        Settings settings = Settings.gather(null, Map.of(), flags, ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Instance instance = new Instance(Processor.start(config, meters), meters);
        instances.push(instance);
        return instance;
    }

    /** An event as the door would put it on the topic. */
    static Event event(String user, String id, double price, Instant time) {
        return new Event(
                new EventId(id),
                SOURCE,
                user,
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"price\":" + price + ",\"product_id\":\"p1\",\"category\":\"c1\"}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
    }

    static Event identify(String user, String id, String traits, Instant time) {
        return new Event(
                new EventId(id),
                SOURCE,
                user,
                null,
                EventKind.IDENTIFY,
                null,
                JsonObject.EMPTY,
                JsonObject.of(traits),
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
    }

    void publish(Event event) throws Exception {
        producer.send(new ProducerRecord<>(
                        Topic.USER_EVENTS.topicName(), event.user().text().getBytes(UTF_8), EventCodec.encode(event)))
                .get();
    }

    /** What the stream says of an event, once it says it. */
    Prediction prediction(String eventId) {
        return await("the prediction of " + eventId, () -> {
            read();
            return predictions.get(eventId);
        });
    }

    private void read() {
        if (consumer.assignment().isEmpty()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.PREDICTIONS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        consumer.poll(Duration.ofMillis(50)).forEach(record -> {
            try {
                Prediction prediction = PredictionCodec.decode(record.value());
                predictions.put(prediction.eventId().value(), prediction);
            } catch (io.millrace.codec.DecodeException e) {
                throw new AssertionError(e);
            }
        });
    }

    static <T> T await(String what, Supplier<@Nullable T> attempt) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (T found = attempt.get(); ; found = attempt.get()) {
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + PATIENCE);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        consumer.close();
        producer.close();
        broker.close();
    }
}
