package io.millrace.standalone.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.config.PostgresLogin;
import io.millrace.deadletter.DeadLetter;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Inputs.Slot;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.processor.observe.Trail;
import io.millrace.processor.store.StoreConfig;
import io.millrace.processor.store.StoreWriter;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with the predictions' topic, a database that can be killed, and a producer as exactly-once as Streams'. */
final class StoreStage implements AutoCloseable {
    static final int PARTITIONS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Source SHOP = new Source("shop");
    private static final ModelVersion MODEL = new ModelVersion("purchase-intent", "1.0.0");
    private static final Sha256 SHA256 = Sha256.of(new byte[] {1});

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Queue<DeadLetter> deadLetters = new ConcurrentLinkedQueue<>();
    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final Path folder;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private EmbeddedPostgres postgres;

    StoreStage(Path folder) throws Exception {
        this.folder = folder;
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0, "secret");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(Topic.PREDICTIONS.topicName(), PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "stage"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    PostgresLogin login() {
        return new PostgresLogin(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    StoreConfig config(int batchRows) {
        return new StoreConfig(
                broker.bootstrap(),
                login(),
                "millrace-store",
                batchRows,
                Duration.ofMillis(20),
                Duration.ofDays(30),
                Duration.ofSeconds(20),
                Duration.ofMillis(500));
    }

    StoreWriter startWriter(int batchRows) {
        return StoreWriter.start(config(batchRows), deadLetters::add, meters, Clock.systemUTC(), Trail.OFF);
    }

    Prediction prediction(int number) {
        return prediction(number, "user-" + number % 10, now.minusMillis(250), now.plusMillis(number % 1_000));
    }

    static Prediction prediction(int number, String userId, Instant eventTime, Instant receivedAt) {
        EventId event = new EventId("event-" + number);
        float score = (number % 97) / 97f;
        Inputs inputs = new Inputs(
                List.of(new Slot("views_1h", 1), new Slot("embedding", 2)),
                new float[] {number, 0.1f, score},
                number % 2 == 0 ? null : new Inputs.Sequence(List.of("gap"), 2, new float[] {1e-7f, number}));
        return new Prediction(
                PredictionId.of(SHOP, event, MODEL),
                event,
                SHOP,
                userId,
                null,
                MODEL,
                SHA256,
                Role.CHAMPION,
                score,
                score >= 0.5f ? "purchase" : "not_purchase",
                0.5f,
                inputs,
                eventTime,
                receivedAt,
                receivedAt.plusMillis(9),
                null);
    }

    /** Writes the predictions with these numbers in one transaction, which is then committed or aborted. */
    void produce(int from, int to, boolean commit) {
        producer.beginTransaction();
        for (int i = from; i < to; i++) {
            send(PredictionCodec.encode(prediction(i)), i);
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** Writes these values into one partition, so that their order is theirs. */
    // The commit fails where a send did.
    @SuppressWarnings("FutureReturnValueIgnored")
    void produceValues(int partition, List<byte @Nullable []> values) {
        producer.beginTransaction();
        for (byte[] value : values) {
            producer.send(new ProducerRecord<>(
                    Topic.PREDICTIONS.topicName(), partition, "key".getBytes(StandardCharsets.UTF_8), value));
        }
        producer.commitTransaction();
    }

    // The commit fails where a send did.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(byte[] value, int number) {
        producer.send(new ProducerRecord<>(
                Topic.PREDICTIONS.topicName(),
                number % PARTITIONS,
                ("shop:user-" + number % 10).getBytes(StandardCharsets.UTF_8),
                value));
    }

    void killDatabase() throws IOException {
        postgres.kill();
    }

    void startDatabase() {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), postgres.port(), "secret");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that a query gives. */
    long number(String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            // Not there yet, or not there any more: whoever waits asks again.
            return -1;
        }
    }

    /** Of all rows, in an order of their own. */
    String content() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT md5(string_agg(p::text, '|' ORDER BY p.id)) FROM predictions p")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Deletes the topic and makes it again. */
    void makeAnew() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            String name = Topic.PREDICTIONS.topicName();
            admin.deleteTopics(List.of(name)).all().get(30, TimeUnit.SECONDS);
            until("the topic is gone", () -> {
                try {
                    return !admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(name);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    long rows() {
        return number("SELECT count(*) FROM predictions");
    }

    double counted(String meter, String outcome) {
        return meters.get(meter).tag("outcome", outcome).counter().count();
    }

    /** Waits until it is so. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        broker.close();
        postgres.close();
    }
}
