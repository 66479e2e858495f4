package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.config.Settings;
import io.millrace.contract.AnswerChecker;
import io.millrace.deadletter.DeadLetter;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A broker that can be stopped, ingest-api in front of it, and a client. */
final class DoorStage implements AutoCloseable {
    static final String WRITE_KEY = "wk_door_stage";
    static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(StandardCharsets.UTF_8));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AnswerChecker ANSWERS = new AnswerChecker();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final HttpClient client = HttpClient.newHttpClient();
    final Ingest ingest;

    private final Path folder;
    private final Map<String, String> flags;
    private final IngestConfig config;
    private final int brokerPort;
    private @Nullable EmbeddedBroker broker;

    DoorStage(Path folder, Map<String, String> settings) {
        this.folder = folder;
        EmbeddedBroker started = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        broker = started;
        brokerPort = started.port();
        flags = new HashMap<>(Map.of(
                "kafka.bootstrap", started.bootstrap(),
                "topics.partitions", "3",
                "ingest.http.port", "0",
                "ingest.write-keys", "web=" + Sha256.of(WRITE_KEY.getBytes(StandardCharsets.UTF_8)),
                "ingest.jwt.secret", "a secret of this stage, of 32 bytes or more",
                // A busy machine's broker may take longer than a user would wait; tests of outages set their own.
                "ingest.kafka.delivery-timeout", "45s",
                "ingest.http.request-deadline", "55s"));
        flags.putAll(settings);
        config = config(flags);
        ingest = Ingest.start(config, List.of());
        until(() -> get("/readyz", null).statusCode() == 200);
    }

    private static IngestConfig config(Map<String, String> flags) {
        Settings gathered = Settings.gather(null, Map.of(), flags, IngestKeys.ALL);
        IngestConfig config = IngestConfig.from(gathered);
        gathered.check();
        return config;
    }

    /** Another door to the same broker, with other settings; the caller closes it. */
    Ingest anotherDoor(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(flags);
        all.putAll(settings);
        return Ingest.start(config(all), List.of());
    }

    String bootstrap() {
        return config.publish().bootstrap();
    }

    void stopBroker() {
        Objects.requireNonNull(broker, "stopped already").close();
        broker = null;
    }

    void startBroker() {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), brokerPort);
    }

    String bearer(Role role) {
        return "Bearer "
                + new TokenIssuer(config.access(), Clock.systemUTC())
                        .issue("stage", Set.of(role), new Source("web"), Duration.ofMinutes(5));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ingest.port() + path);
    }

    HttpResponse<String> get(String path, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.build());
    }

    HttpResponse<String> postJson(String body) {
        return post(body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    /** Posts to /v1/events with the write key and these headers. */
    HttpResponse<String> post(byte[] body, String... headers) {
        return send(HttpRequest.newBuilder(uri("/v1/events"))
                .header("Authorization", BASIC)
                .headers(headers)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    /** Sends it, and fails where the answer is none that openapi.yaml promises. */
    HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(ANSWERS.problems(
                            request.method(),
                            request.uri().getRawPath(),
                            answer.statusCode(),
                            answer.headers().map(),
                            answer.body().getBytes(StandardCharsets.UTF_8)))
                    .as(answer.body())
                    .isEmpty();
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The sum of the meters whose lines begin so. */
    double metric(String beginning) {
        return get("/metrics", bearer(Role.OPERATOR))
                .body()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Everything that is on a topic now. */
    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        return records(config.publish().bootstrap(), topic);
    }

    /** Everything that is committed on a topic now. */
    List<ConsumerRecord<byte[], byte[]>> committed(Topic topic) {
        return records(
                Map.of("bootstrap.servers", config.publish().bootstrap(), "isolation.level", "read_committed"), topic);
    }

    static List<ConsumerRecord<byte[], byte[]>> records(String bootstrap, Topic topic) {
        return records(Map.of("bootstrap.servers", bootstrap), topic);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(Map<String, Object> settings, Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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

    List<DeadLetter> deadLetters() throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> letter : records(Topic.DEAD_LETTERS)) {
            letters.add(DeadLetterCodec.decode(letter.value()));
        }
        return letters;
    }

    /** That it is this problem, as RFC 9457 writes one. */
    static void assertProblem(HttpResponse<String> answer, int status, String code) throws IOException {
        JsonNode body = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("code").asText()).isEqualTo(code);
        assertThat(body.path("detail").asText()).isNotEmpty();
    }

    static byte[] gzip(InputStream plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            plain.transferTo(gzip);
        }
        return bytes.toByteArray();
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so within " + PATIENCE);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        ingest.close();
        if (broker != null) {
            broker.close();
        }
    }
}
