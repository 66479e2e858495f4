package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.standalone.simulate.Zipf;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events of a shop that wait on their topic: of 100,000 users, of whom few do much (Zipf, exponent 1). The same seed gives the
 * same events but for the time.
 */
final class Backlog {
    /** What the doors of others write to, if they are not told otherwise. */
    static final String PEERS = "user_events";

    private static final int USERS = 100_000;
    private static final int PRODUCTS = 5_000;
    private static final int CATEGORIES = 100;
    private static final int VECTORS = 500;
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Backlog() {}

    /** Makes the topics, Millrace's and those that ceilings and peers write to. */
    static void createTopics(Admin admin, int partitions) throws ExecutionException, InterruptedException {
        new TopicCreator(admin, PATIENCE).createMissing(partitions, (short) 1);
        for (String topic : List.of(TopologyMain.OUT, BareDoorMain.OUT, PEERS)) {
            try {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                        .all()
                        .get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Writes so many events and waits until the broker has them. */
    static void write(String bootstrap, int events) throws BenchFailedException {
        Random draws = new Random(2);
        Zipf users = new Zipf(USERS, 1);
        write(bootstrap, events, number -> users.draw(draws), Backlog::bought);
    }

    /** Writes events that carry vectors of random values with three decimals. */
    static void writeVectors(String bootstrap, int events) throws BenchFailedException {
        Random draws = new Random(3);
        List<Happening> vectors =
                Stream.generate(() -> vector(draws)).limit(VECTORS).toList();
        write(bootstrap, events, number -> draws.nextInt(USERS), random -> vectors.get(random.nextInt(VECTORS)));
    }

    /** Writes an event of each of so many users. */
    static void writeUsers(String bootstrap, int users) throws BenchFailedException {
        write(bootstrap, users, number -> number, Backlog::bought);
    }

    /** What happens to a user. */
    private record Happening(String name, String properties) {}

    private static void write(
            String bootstrap, int events, IntUnaryOperator users, Function<Random, Happening> happenings)
            throws BenchFailedException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Random random = new Random(1);
        Instant now = Instant.now();
        Instant first = now.minus(BETWEEN.multipliedBy(events));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 * 1024,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        // On a partition that has just been made the first batch can fail where the second is
                        // taken; the broker then refuses the first for ever, as out of sequence.
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < events; i++) {
                Event event = event(
                        first.plus(BETWEEN.multipliedBy(i)),
                        now,
                        users.applyAsInt(i),
                        new EventId(new UUID(random.nextLong(), random.nextLong()).toString()),
                        happenings.apply(random));
                var unused = producer.send(
                        new ProducerRecord<>(
                                Topic.USER_EVENTS.topicName(),
                                event.user().text().getBytes(UTF_8),
                                EventCodec.encode(event)),
                        (stored, problem) -> {
                            if (problem != null) {
                                failure.compareAndSet(null, problem);
                            }
                        });
            }
        }
        Exception problem = failure.get();
        if (problem != null) {
            throw new BenchFailedException("the backlog could not be written: " + problem.getMessage());
        }
    }

    private static Happening bought(Random random) {
        int kind = random.nextInt(20);
        String name = kind == 0
                ? "order_completed"
                : kind < 4 ? "product_added" : kind < 6 ? "product_removed" : "product_viewed";
        return new Happening(
                name,
                "{\"product_id\":\"p" + random.nextInt(PRODUCTS) + "\",\"category_id\":\"c" + random.nextInt(CATEGORIES)
                        + "\",\"price\":" + random.nextInt(20_000) / 100.0 + "}");
    }

    private static Happening vector(Random random) {
        StringJoiner values = new StringJoiner(",", "{\"" + BenchModels.CRAYFISH_PROPERTY + "\":[", "]}");
        for (int i = 0; i < BenchModels.CRAYFISH_WIDTH; i++) {
            values.add(String.format(Locale.ROOT, "%.3f", random.nextDouble()));
        }
        return new Happening(BenchModels.CRAYFISH_EVENT, values.toString());
    }

    private static Event event(Instant at, Instant receivedAt, int user, EventId id, Happening happening) {
        return new Event(
                id,
                new Source("shop"),
                "user-" + user,
                null,
                EventKind.TRACK,
                happening.name(),
                JsonObject.of(happening.properties()),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(at, null, receivedAt, at, EventTimes.Basis.PRODUCER));
    }
}
