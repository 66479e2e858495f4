package io.millrace.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.config.Settings;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The micro-batch and the commit, on a real broker: partitions move between instances and instances close while events
 * wait in batches, and every event is predicted once, in order. A crash is the end-to-end test's.
 */
class MicroBatchCommitIT {
    private static final int EVENTS = 30_000;
    private static final int USERS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void predictsEachEventOnceInOrder_whenInstancesComeAndGo(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            try (Processor first = start(broker, folder.resolve("one"));
                    KafkaConsumer<byte[], byte[]> predictions = consumer(broker, Topic.PREDICTIONS)) {
                send(broker, 0, EVENTS / 3);
                awaitMore(predictions, found, 1);
                try (Processor second = start(broker, folder.resolve("two"))) {
                    assertThat(second.health()).isNotEmpty();
                    send(broker, EVENTS / 3, 2 * EVENTS / 3);
                    awaitMore(predictions, found, found.size() + EVENTS / 6);
                }
                send(broker, 2 * EVENTS / 3, EVENTS);
                awaitMore(predictions, found, EVENTS);
                found.addAll(poll(predictions, Duration.ofSeconds(2)));
                assertThat(first.health()).anyMatch(part -> part.part().equals("streams") && part.ready());
            }

            Map<String, Integer> lastOfUser = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : found) {
                Prediction prediction = PredictionCodec.decode(record.value());
                int number = Integer.parseInt(prediction.eventId().value());
                Integer before = lastOfUser.put(String.valueOf(prediction.userId()), number);
                assertThat(before == null ? -1 : before).isLessThan(number);
            }
            assertThat(found).hasSize(EVENTS);
        }
    }

    @Test
    void quotesTheBytes_whenARecordIsNoEvent(@TempDir Path folder) throws Exception {
        byte[] bytes = "{\"id\":".getBytes(UTF_8);
        byte[] key = "web:u1".getBytes(UTF_8);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                Processor processor = start(broker, folder.resolve("one"));
                KafkaConsumer<byte[], byte[]> deadLetters = consumer(broker, Topic.DEAD_LETTERS);
                KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            producer.send(new ProducerRecord<>(Topic.USER_EVENTS.topicName(), 3, key, bytes))
                    .get();
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            awaitMore(deadLetters, found, 1);

            DeadLetter letter = DeadLetterCodec.decode(found.get(0).value());
            assertThat(letter.reason()).isEqualTo(Reason.INVALID_JSON);
            assertThat(letter.stage()).isEqualTo(DeadLetter.Stage.DECODE);
            assertThat(letter.payload()).isEqualTo(bytes);
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.origin()).isEqualTo(new DeadLetter.Origin(Topic.USER_EVENTS.topicName(), 3, 0));
            assertThat(processor.health()).noneMatch(part -> part.detail().equals("error"));
        }
    }

    private static Processor start(EmbeddedBroker broker, Path stateDir) throws Exception {
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
                        stateDir.toString(),
                        // The store's writer has no database here and waits for one; predictions do not.
                        "postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/nowhere",
                        "processor.models-dir",
                        "../stream-processor/src/test/resources/torchscript"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        return Processor.start(config, new SimpleMeterRegistry());
    }

    private static void send(EmbeddedBroker broker, int from, int to) throws Exception {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            for (int i = from; i < to; i++) {
                Event event = new Event(
                        new EventId(Integer.toString(i)),
                        new Source("web"),
                        "u" + i % USERS,
                        null,
                        EventKind.TRACK,
                        "product_viewed",
                        JsonObject.of("{\"price\":" + i % 100 + "}"),
                        JsonObject.EMPTY,
                        JsonObject.EMPTY,
                        new EventTimes(null, null, now, now.plusMillis(i), EventTimes.Basis.RECEIVED));
                sent.add(producer.send(new ProducerRecord<>(
                        Topic.USER_EVENTS.topicName(), event.user().text().getBytes(UTF_8), EventCodec.encode(event))));
            }
        }
        for (Future<?> each : sent) {
            each.get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedBroker broker, Topic topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static void awaitMore(
            KafkaConsumer<byte[], byte[]> consumer, List<ConsumerRecord<byte[], byte[]>> found, int count) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (found.size() < count && Instant.now().isBefore(deadline)) {
            found.addAll(poll(consumer, Duration.ofMillis(200)));
        }
        assertThat(found).as("records within " + PATIENCE).hasSizeGreaterThanOrEqualTo(count);
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer, Duration timeout) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(timeout).forEach(records::add);
        return records;
    }
}
