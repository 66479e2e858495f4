package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Results larger than anybody would hold in memory. */
class ExportIT {
    private static final int ROWS = 200_000;

    private static @Nullable StoredRows rows;
    private static @Nullable Predictions predictions;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private final Exports exports = new Exports(Objects.requireNonNull(predictions), 2);
    private final PredictionEndpoints endpoints =
            new PredictionEndpoints(Objects.requireNonNull(predictions), exports, Runnable::run);

    @BeforeAll
    static void store() throws IOException, SQLException {
        StoredRows database = StoredRows.start();
        rows = database;
        database.fill(ROWS);
        predictions = new Predictions(database.config(4L << 20), METERS);
    }

    @AfterAll
    static void stop() throws IOException {
        if (predictions != null) {
            predictions.close();
        }
        if (rows != null) {
            rows.close();
        }
    }

    @Test
    void streamsEveryRow_holdingOneChunkAtATime() throws Exception {
        ChunkTaker taker = taker("text/csv", Map.of());
        long lines = 0;
        int chunks = 0;
        for (byte[] chunk = taker.take(); chunk != null; chunk = taker.take()) {
            assertThat(chunk.length).isLessThan(2 * (int) Export.CHUNK_BYTES);
            lines += new String(chunk, StandardCharsets.UTF_8).lines().count();
            chunks++;
        }

        assertThat(taker.isComplete()).isTrue();
        assertThat(lines).isEqualTo(ROWS + 1);
        assertThat(chunks).isGreaterThan(100);
        assertThat(exports.active()).isZero();
    }

    @Test
    void streamsThePagesRows_asLines() throws Exception {
        ChunkTaker taker = taker("application/x-ndjson", Map.of("userId", List.of("user-7")));
        StringBuilder all = new StringBuilder();
        for (byte[] chunk = taker.take(); chunk != null; chunk = taker.take()) {
            all.append(new String(chunk, StandardCharsets.UTF_8));
        }

        Answer.Page page = (Answer.Page) Objects.requireNonNull(predictions)
                .read(PredictionQuery.newest(1_000).userId("user-7").build());
        assertThat(all.toString().lines())
                .hasSize(ROWS / 1_000)
                .containsExactlyElementsOf(page.predictions().stream()
                        .map(json -> new String(json, StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void endsAtTheLimit_whenOneIsGiven() throws Exception {
        ChunkTaker taker = taker("application/x-ndjson", Map.of("limit", List.of("2500")));
        long lines = 0;
        for (byte[] chunk = taker.take(); chunk != null; chunk = taker.take()) {
            lines += new String(chunk, StandardCharsets.UTF_8).lines().count();
        }

        assertThat(lines).isEqualTo(2_500);
    }

    @Test
    void holdsNoConnection_whileTheClientTakesNothing() throws Exception {
        ChunkTaker slow = taker("text/csv", Map.of());
        ChunkTaker slower = taker("text/csv", Map.of());
        assertThat(slow.take()).isNotNull();
        assertThat(slow.take()).isNotNull();
        assertThat(slower.take()).isNotNull();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (METERS.get("hikaricp.connections.active").gauge().value() > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(exports.active()).isEqualTo(2);
        assertThat(ask("text/csv", Map.of()))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.problem()).isInstanceOf(Problem.Overloaded.class));
        assertThat(ask("application/json", Map.of())).isInstanceOf(Reply.Found.class);
        slow.cancel();
        slower.cancel();
        assertThat(exports.active()).isZero();
    }

    @Test
    void fails_whenTheStoreGoesInTheMiddle() throws Exception {
        ChunkTaker taker = taker("text/csv", Map.of());
        assertThat(taker.take()).isNotNull();
        StoredRows database = Objects.requireNonNull(rows);
        database.execute("ALTER TABLE predictions RENAME TO elsewhere");
        try {
            assertThat(taker.take()).isNull();
        } finally {
            database.execute("ALTER TABLE elsewhere RENAME TO predictions");
        }

        assertThat(taker.isComplete()).isFalse();
        assertThat(taker.failure()).hasMessageContaining("the store");
        assertThat(exports.active()).isZero();
    }

    @Test
    void saysWhatItOffers_whenNothingIsAccepted() throws Exception {
        assertThat(ask("text/html", Map.of()))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.problem().detail())
                                .isEqualTo(
                                        "Accept: given text/html, expected application/json, application/x-ndjson or text/csv"));
        assertThat(ask("text/html", Map.of("format", List.of("json")))).isInstanceOf(Reply.Found.class);
        assertThat(ask("*/*", Map.of("limit", List.of("1001")))).isInstanceOf(Reply.Failed.class);
        assertThat(ask("text/csv", Map.of("cursor", List.of("none of ours")))).isInstanceOf(Reply.Failed.class);
    }

    @Test
    void looksAnIdUpInItsIndex_thoughNobodyCountedTheRows() throws Exception {
        String plan = Objects.requireNonNull(rows)
                .plan(new PredictionSelect(
                        PredictionQuery.newest(100).eventId("many-17").build(), null, Duration.ZERO));

        assertThat(plan).contains("event_id_idx").doesNotContain("Seq Scan on predictions_day0");
    }

    private ChunkTaker taker(String accept, Map<String, List<String>> query) throws Exception {
        Reply reply = ask(accept, query);
        assertThat(reply).isInstanceOf(Reply.Stream.class);
        ChunkTaker taker = new ChunkTaker();
        ((Reply.Stream) reply).chunks().subscribe(taker);
        return taker;
    }

    private Reply ask(String accept, Map<String, List<String>> query) throws Exception {
        Question question = new Question(
                "test", Map.of(), new HashMap<>(query), Map.of("accept", accept), new byte[0], Traceparent.begin());
        return Objects.requireNonNull(endpoints.all().get("listPredictions"))
                .answer(question)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }
}
