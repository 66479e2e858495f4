package io.millrace.standalone.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.ManifestCodec;
import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import io.millrace.ingest.validate.ValidationLimits;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.standalone.registry.Pushed;
import io.millrace.topic.Topic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** All of a Millrace with a model that throws where f0 is over 100 (version 1), and one that does not (version 2). */
final class RedriveStage implements AutoCloseable {
    /** As the door has them: small, so that events can be too large for it. */
    static final int EVENT_BYTES = 256;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WRITE_KEY = "wk_redrive_stage";

    final EmbeddedBroker broker;
    private final EmbeddedPostgres postgres;
    private final DeployedModels models = new DeployedModels();
    private final Processor processor;
    private final Ingest ingest;
    private final String operator;
    private final HttpClient client = HttpClient.newHttpClient();

    /** What may be true after a while. */
    interface Condition {
        boolean holds() throws Exception;
    }

    RedriveStage(Path folder) throws Exception {
        register("1", "picky.pt");
        register("2", "logarithm.pt");
        models.deploy("1", null, List.of());
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0, "secret");
        Map<String, String> shared = Map.of(
                "kafka.bootstrap", broker.bootstrap(),
                "topics.partitions", "3",
                "postgres.url", postgres.jdbcUrl(),
                "postgres.user", postgres.user(),
                "postgres.password", postgres.password());
        Settings ofProcessor = settings(
                shared,
                Map.of(
                        "processor.grpc.port",
                        "0",
                        "processor.state-dir",
                        folder.resolve("state").toString()),
                ProcessorKeys.ALL);
        ProcessorConfig processing = ProcessorConfig.from(ofProcessor);
        ofProcessor.check();
        processor = Processor.start(processing, new SimpleMeterRegistry(), models);
        Settings ofDoor = settings(
                shared,
                Map.of(
                        "ingest.http.port", "0",
                        "ingest.events.bytes", Integer.toString(EVENT_BYTES),
                        "ingest.write-keys", "web=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)),
                        "ingest.jwt.secret", "a secret of this stage, of 32 bytes or more",
                        "ingest.kafka.delivery-timeout", "45s",
                        "ingest.http.request-deadline", "55s"),
                IngestKeys.ALL);
        IngestConfig door = IngestConfig.from(ofDoor);
        ofDoor.check();
        ingest = Ingest.start(door, List.of());
        operator = new TokenIssuer(door.access(), Clock.systemUTC())
                .issue("stage", Set.of(Role.OPERATOR), new Source("web"), Duration.ofMinutes(30));
        until("the door is ready", () -> get("/readyz").statusCode() == 200);
    }

    private static Settings settings(
            Map<String, String> shared, Map<String, String> own, List<? extends Key<?>> known) {
        Map<String, String> all = new java.util.HashMap<>(shared);
        all.putAll(own);
        return Settings.gather(null, Map.of(), all, known);
    }

    private void register(String version, String file) throws Exception {
        Pushed pushed = Pushed.of(DeployedModels.NAME, version, file);
        models.register(ManifestCodec.read(pushed.yaml().getBytes(UTF_8)), pushed.artifact());
    }

    /** Mends what threw. */
    void deploySecond() throws Exception {
        models.deploy("2", null, List.of());
        until(
                "version 2 scores",
                () -> processor.modelStates().stream()
                        .anyMatch(state ->
                                state.model().version().equals("2") && state.phase() == ModelState.Phase.SERVING));
    }

    /** Posts one event, as SDKs do: again while the door cannot take it. */
    int post(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/events"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(UTF_8)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        int[] status = new int[1];
        until("the door takes it", () -> {
            status[0] = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            return status[0] != 429 && status[0] != 503;
        });
        return status[0];
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer " + operator)
                        .build(),
                BodyHandlers.ofString());
    }

    /** Asks for all that is known of a user to be deleted. */
    void erase(String user) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/users/" + user + "?source=web"))
                .header("Authorization", "Bearer " + operator)
                .DELETE()
                .build();
        until(
                "the order is taken",
                () -> client.send(request, BodyHandlers.discarding()).statusCode() == 202);
    }

    JsonNode ask(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ingest.port() + path);
    }

    /** As a foreign producer does. */
    void produce(String topic, byte[] key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get(60, TimeUnit.SECONDS);
        }
    }

    /** Everything that is committed on a topic now. */
    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().mapToLong(consumer::position).sum() < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    long rows(String sql) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    Redriver redriver(Choice choice, int mostAttempts) {
        ValidationLimits limits = new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24));
        return new Redriver(
                new RedriveConfig(broker.bootstrap(), choice, mostAttempts, 10_000, limits, PATIENCE),
                Clock.systemUTC(),
                (soFar, about) -> {});
    }

    static void until(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Override
    public void close() {
        ingest.close();
        processor.close();
        postgres.close();
        broker.close();
    }
}
