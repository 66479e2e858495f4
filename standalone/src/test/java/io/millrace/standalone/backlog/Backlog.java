package io.millrace.standalone.backlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.codec.EventCodec;
import io.millrace.config.Settings;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events that wait on a broker for a processor, as benches have it: written straight onto their topic.
 *
 * @param bootstrap the broker
 * @param partitions of the topics
 */
public record Backlog(String bootstrap, int partitions) {
    /** Makes the topics. */
    public void create() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            new TopicCreator(admin, Duration.ofMinutes(1)).createMissing(partitions, (short) 1);
        }
    }

    /** Writes events and waits until the broker has them. */
    public void send(int count, IntFunction<Event> events) throws ExecutionException, InterruptedException {
        List<Future<?>> answers = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
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
                Event event = events.apply(i);
                answers.add(producer.send(new ProducerRecord<>(
                        Topic.USER_EVENTS.topicName(), event.user().text().getBytes(UTF_8), EventCodec.encode(event))));
            }
        }
        for (Future<?> each : answers) {
            each.get();
        }
    }

    /** What somebody did in a shop, with a product that is drawn. */
    public static Event shopEvent(int number, String user, String name, Instant time, Random random) {
        return new Event(
                new EventId("01890a5d-ac96-774b-bcce-" + number),
                new Source("web"),
                user,
                null,
                EventKind.TRACK,
                name,
                JsonObject.of("{\"product_id\":\"p" + random.nextInt(5_000) + "\",\"category_id\":\"c"
                        + random.nextInt(100) + "\",\"price\":" + (random.nextInt(20_000) / 100.0) + "}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
    }

    /** Of a processor that takes them; without a database, for rows are another bench's. */
    public ProcessorConfig processor(String applicationId, Path state) {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap",
                        bootstrap,
                        "topics.partitions",
                        Integer.toString(partitions),
                        "processor.application-id",
                        applicationId,
                        "processor.grpc.port",
                        "0",
                        "processor.state-dir",
                        state.toString(),
                        "postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/nowhere"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        return config;
    }
}
