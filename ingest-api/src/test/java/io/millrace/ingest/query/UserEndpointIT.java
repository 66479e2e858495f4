package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.ask.AskConfig;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user, where the processor takes the question and never answers, and the store answers or is kept from it. */
class UserEndpointIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofMillis(1_500);
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final Vertx VERTX = Vertx.vertx();
    private static final ExecutorService READERS = Executors.newFixedThreadPool(2);
    private static StoredPages stored;
    private static ServerSocket silent;
    private static ProcessorClient processor;

    @BeforeAll
    static void start() throws Exception {
        stored = StoredPages.start();
        // Connections are taken by the kernel, and nobody ever reads them.
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AskConfig.Address address = new AskConfig.Address("127.0.0.1", silent.getLocalPort());
        processor = new ProcessorClient(
                VERTX,
                new AskConfig(List.of(address), LONG, 1, Duration.ofMillis(5), 64, LONG, LONG, 1 << 20, LONG),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() throws Exception {
        processor.close();
        READERS.shutdownNow();
        stored.close();
        silent.close();
        VERTX.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatIsLateIsMissingWithItsReason_andTheRestIsThere() throws Exception {
        Reply reply = ask("user-0");

        assertThat(reply).isInstanceOf(Reply.Found.class);
        JsonNode user = JSON.readTree(((Reply.Found) reply).body());
        assertThat(user.path("predictions")).isNotEmpty();
        assertThat(user.path("missing").findValuesAsText("part")).containsExactly("profile", "live");
        assertThat(user.at("/missing/0/reason").asText()).isEqualTo("the processor did not answer within 1500 ms");
        assertThat(user.has("live")).isFalse();
    }

    @Test
    void answersThatBothAreLate_whenNeitherAnswers() throws Exception {
        try (Connection other = DriverManager.getConnection(stored.rows().jdbcUrl(), "postgres", "");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE predictions IN ACCESS EXCLUSIVE MODE");

            Reply reply = ask("user-0");

            assertThat(reply).isInstanceOf(Reply.Failed.class);
            Problem problem = ((Reply.Failed) reply).problem();
            assertThat(problem).isInstanceOf(Problem.Unavailable.class);
            assertThat(problem.detail())
                    .isEqualTo("the processor did not answer within 1500 ms; the store did not answer within 1500 ms");
            other.rollback();
        }
    }

    private static Reply ask(String user) throws Exception {
        Endpoint getUser = new UserEndpoint(
                        processor, stored.predictions(), () -> new Source("shop"), READERS, DEADLINE)
                .all()
                .get("getUser");
        Question question =
                new Question("test", Map.of("userId", user), Map.of(), Map.of(), new byte[0], Traceparent.begin());
        return Objects.requireNonNull(getUser)
                .answer(question)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }
}
