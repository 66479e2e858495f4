package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.EventCodec;
import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ingest-api as a process of its own, with secrets that one would recognise, ended as a container engine ends it. */
class DoorProcessIT {
    private static final String WRITE_KEY = "wk_distinctive_write_key_0451";
    private static final String SECRET = "distinctive signing secret 0451 kX9#vT2$mQ7@";
    private static final String PASSWORD = "distinctive database password 0451";
    private static final int PRODUCERS = 4;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port = Ports.free();

    @Test
    void losesNoAcceptedEvent_andTellsNoSecret_whenItIsTerminated(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("ingest.log");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ChildDoor door = start(broker, log)) {
            DoorStage.until(() -> post("ready", WRITE_KEY) == 202);
            String token = token();
            HttpResponse<String> made = ask("POST", "/v1/sources", token, "{\"source\":\"shop\"}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String madeKey =
                    new ObjectMapper().readTree(made.body()).path("writeKey").asText();
            provoke(token, madeKey);

            Set<String> accepted = ConcurrentHashMap.newKeySet();
            List<Thread> producers = new ArrayList<>();
            AtomicInteger number = new AtomicInteger();
            for (int i = 0; i < PRODUCERS; i++) {
                Thread producer = new Thread(() -> {
                    int status = 0;
                    while (status >= 0) {
                        String id = "e-" + number.incrementAndGet();
                        status = post(id, madeKey);
                        if (status == 202) {
                            accepted.add(id);
                        }
                    }
                });
                producer.start();
                producers.add(producer);
            }
            DoorStage.until(() -> accepted.size() > 100);
            String commandLine = Files.readString(
                    Path.of("/proc", Long.toString(door.process().pid()), "cmdline"));

            door.process().destroy();

            assertThat(door.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            for (Thread producer : producers) {
                producer.join();
            }
            assertThat(onTopic(broker)).containsAll(accepted);
            String said = Files.readString(log);
            assertThat(said).contains("The door is closed").contains("The write keys are read");
            for (String secret :
                    List.of(WRITE_KEY, SECRET, PASSWORD, madeKey, token.substring(token.lastIndexOf('.')))) {
                assertThat(said).doesNotContain(secret);
                assertThat(commandLine).doesNotContain(secret);
            }
        }
    }

    /** What makes a door talk: the store is away, credentials are wrong, bodies are broken. */
    private void provoke(String token, String key) throws Exception {
        assertThat(ask("GET", "/v1/predictions", token, null).statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/v1/predictions", token + "x", null).statusCode())
                .isEqualTo(401);
        assertThat(ask("GET", "/v1/predictions", key, null).statusCode()).isEqualTo(403);
        assertThat(ask("POST", "/v1/events", key + "x", "{}").statusCode()).isEqualTo(401);
        assertThat(ask("POST", "/v1/events", key, "{\"userId\":\"" + key).statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/v1/sources", token, "{\"source\":\"" + key + "\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    private ChildDoor start(EmbeddedBroker broker, Path log) throws IOException {
        Map<String, String> settings = Map.of(
                "MILLRACE_KAFKA_BOOTSTRAP",
                broker.bootstrap(),
                "MILLRACE_INGEST_HTTP_PORT",
                Integer.toString(port),
                "MILLRACE_INGEST_WRITE_KEYS",
                "web=" + Sha256.of(WRITE_KEY.getBytes(StandardCharsets.UTF_8)),
                "MILLRACE_INGEST_JWT_SECRET",
                SECRET,
                "MILLRACE_POSTGRES_URL",
                "jdbc:postgresql://127.0.0.1:9/millrace",
                "MILLRACE_POSTGRES_PASSWORD",
                PASSWORD);
        return ChildDoor.start("128m", settings, log);
    }

    private static String token() {
        Settings settings = Settings.gather(null, Map.of(), Map.of("ingest.jwt.secret", SECRET), IngestKeys.ALL);
        return new TokenIssuer(IngestConfig.from(settings).access(), Clock.systemUTC())
                .issue("operator", Set.of(Role.OPERATOR), null, Duration.ofMinutes(10));
    }

    private Set<String> onTopic(EmbeddedBroker broker) throws Exception {
        Set<String> ids = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> found : DoorStage.records(broker.bootstrap(), Topic.USER_EVENTS)) {
            ids.add(EventCodec.decode(found.value()).id().value());
        }
        return ids;
    }

    /** The status; -1 where nobody answers. */
    private int post(String id, String key) {
        try {
            return ask("POST", "/v1/events", key, "{\"id\":\"" + id + "\",\"userId\":\"u\",\"name\":\"x\"}")
                    .statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> ask(String method, String path, String bearer, @Nullable String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/json")
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
