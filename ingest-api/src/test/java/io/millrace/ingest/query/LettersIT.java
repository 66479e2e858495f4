package io.millrace.ingest.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Origin;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.query.letter.LetterEndpoints;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dead letters as the store has them: filtered, counted, page after page, and byte by byte. */
class LettersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int LETTERS = 200;
    private static final byte[] NO_TEXT = {'{', (byte) 0xff, 0, '}'};

    private static @Nullable StoredRows rows;
    private static @Nullable Predictions predictions;
    private static @Nullable Exports exports;
    private static @Nullable Map<String, Endpoint> endpoints;

    @BeforeAll
    static void store() throws Exception {
        StoredRows started = StoredRows.start();
        rows = started;
        try (InputStream migration = Objects.requireNonNull(
                LettersIT.class.getResourceAsStream("/io/millrace/contract/sql/V3__dead_letters.sql"))) {
            started.execute(new String(migration.readAllBytes(), UTF_8));
        }
        try (Connection connection = DriverManager.getConnection(started.jdbcUrl())) {
            for (int i = 0; i < LETTERS; i++) {
                insert(connection, i);
            }
        }
        // Every fourth of the letters of a model was put back.
        started.execute(
                "INSERT INTO redrives SELECT \"partition\", \"offset\", 2, '2026-11-23 13:00+00' FROM dead_letters"
                        + " WHERE stage = 'score' AND \"offset\" % 4 = 0");
        predictions = new Predictions(started.config(4L << 20), new SimpleMeterRegistry());
        exports = new Exports(predictions, 2);
        endpoints = new LetterEndpoints(predictions, exports, Runnable::run).all();
    }

    @AfterAll
    static void stop() throws Exception {
        Objects.requireNonNull(exports).close();
        Objects.requireNonNull(predictions).close();
        Objects.requireNonNull(rows).close();
    }

    /** Even ones were refused by a model, odd ones at the door; two at each moment. */
    private static DeadLetter letter(int number) {
        boolean scored = number % 2 == 0;
        return new DeadLetter(
                scored ? Reason.MODEL_FAILED : Reason.INVALID_UTF8,
                scored ? "it threw" : "half a pair \ud800 and \u0000",
                scored ? Stage.SCORE : Stage.VALIDATE,
                scored ? new Origin("user-events", 0, number) : null,
                new Source(number % 3 == 0 ? "app" : "web"),
                "e" + number,
                scored ? "churn@1" : null,
                scored ? "web:u1".getBytes(UTF_8) : null,
                scored ? "ä".repeat(1_000).getBytes(UTF_8) : NO_TEXT,
                false,
                1,
                NOON.plusSeconds(number / 2),
                null);
    }

    private static void insert(Connection connection, int number) throws Exception {
        DeadLetter letter = letter(number);
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            Object[] values = {
                number % 3,
                (long) number,
                letter.failedAt().atOffset(ZoneOffset.UTC),
                letter.reason().code(),
                letter.stage().text(),
                Objects.requireNonNull(letter.source()).name(),
                letter.eventId(),
                "u" + number % 5,
                letter.model(),
                letter.attempts(),
                DeadLetterCodec.encode(letter)
            };
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Reply ask(String operation, Map<String, String> path, String... query) throws Exception {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String one : query) {
            parameters.put(one.substring(0, one.indexOf('=')), List.of(one.substring(one.indexOf('=') + 1)));
        }
        return Objects.requireNonNull(Objects.requireNonNull(endpoints).get(operation))
                .answer(new Question("test", path, parameters, Map.of(), new byte[0], Traceparent.begin()))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static JsonNode found(String operation, Map<String, String> path, String... query) throws Exception {
        return JSON.readTree(((Reply.Found) ask(operation, path, query)).body());
    }

    @Test
    void pagesGoThroughAllOnce_theLatestFirst() throws Exception {
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = cursor == null
                    ? found("listDeadLetters", Map.of(), "limit=33")
                    : found("listDeadLetters", Map.of(), "limit=33", "cursor=" + cursor);
            page.path("deadLetters")
                    .forEach(one -> seen.add(one.path("failedAt").asText() + " "
                            + one.path("partition").asText() + " "
                            + String.format("%05d", one.path("offset").asInt())));
            cursor = page.has("nextCursor") ? page.path("nextCursor").asText() : null;
        } while (cursor != null);

        assertThat(seen).hasSize(LETTERS).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void filtersLetPassWhatTheyName_andCountsAgree() throws Exception {
        for (String filter : List.of(
                "reason=model_failed",
                "stage=validate",
                "source=app",
                "userId=u3",
                "eventId=e17",
                "model=churn@1",
                "redriven=true",
                "redriven=false",
                "from=2026-11-23T12:01:00Z",
                "to=2026-11-23T12:01:00+00:00")) {
            long expected = java.util.stream.IntStream.range(0, LETTERS)
                    .filter(i -> passes(filter, i))
                    .count();

            assertThat(found("listDeadLetters", Map.of(), filter, "limit=1000").path("deadLetters"))
                    .as(filter)
                    .hasSize((int) expected);
            assertThat(found("countDeadLetters", Map.of(), filter).path("total").asLong())
                    .as(filter)
                    .isEqualTo(expected);
        }
        assertThat(found("countDeadLetters", Map.of()).path("counts").toString())
                .isEqualTo("[{\"reason\":\"invalid_utf8\",\"stage\":\"validate\",\"redriven\":false,\"count\":100},"
                        + "{\"reason\":\"model_failed\",\"stage\":\"score\",\"redriven\":false,\"count\":50},"
                        + "{\"reason\":\"model_failed\",\"stage\":\"score\",\"redriven\":true,\"count\":50}]");
    }

    private static boolean passes(String filter, int i) {
        DeadLetter letter = letter(i);
        boolean redriven = i % 4 == 0;
        return switch (filter.substring(0, filter.indexOf('='))) {
            case "reason", "model" -> i % 2 == 0;
            case "stage" -> i % 2 == 1;
            case "source" -> i % 3 == 0;
            case "userId" -> i % 5 == 3;
            case "eventId" -> i == 17;
            case "redriven" -> redriven == filter.endsWith("true");
            case "from" -> !letter.failedAt().isBefore(NOON.plusSeconds(60));
            case "to" -> letter.failedAt().isBefore(NOON.plusSeconds(60));
            default -> throw new AssertionError(filter);
        };
    }

    @Test
    void bytesAreText_orHexWhereTheyAreNone_andAListShowsTheirBeginning() throws Exception {
        JsonNode text = found("getDeadLetter", Map.of("id", "2-20"));
        assertThat(text.at("/payload/length").asInt()).isEqualTo(2_000);
        assertThat(text.at("/payload/text").asText()).isEqualTo("ä".repeat(1_000));
        assertThat(text.at("/payload").has("hex")).isFalse();
        assertThat(text.at("/key/text").asText()).isEqualTo("web:u1");
        assertThat(text.at("/redriven").toString()).isEqualTo("{\"attempt\":2,\"at\":\"2026-11-23T13:00:00.000Z\"}");

        JsonNode none = found("getDeadLetter", Map.of("id", "1-1"));
        assertThat(none.at("/payload/hex").asText()).isEqualTo("7bff007d");
        assertThat(none.at("/payload/text").asText()).isEqualTo("{\ufffd\u0000}");
        assertThat(none.at("/detail").asText()).startsWith("half a pair");
        assertThat(none.has("redriven")).isFalse();

        JsonNode listed = found("listDeadLetters", Map.of(), "eventId=e20").at("/deadLetters/0/payload");
        assertThat(listed.path("text").asText()).isEqualTo("ä".repeat(512));
        assertThat(listed.path("cut").asBoolean()).isTrue();
    }

    @Test
    void saysWhatIsWrong_whereTheQuestionIs() throws Exception {
        assertThat(ask("getDeadLetter", Map.of("id", "9-9")))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.problem()).isInstanceOf(Problem.NotFound.class));
        for (String wrong : Arrays.asList("reason=bad", "cursor=AAAA", "limit=0", "redriven=maybe", "userId=\0")) {
            assertThat(ask("listDeadLetters", Map.of(), wrong))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.problem()).isInstanceOf(Problem.BadRequest.class));
        }
    }

    @Test
    void linesAreOneStreamOfAll() throws Exception {
        Reply.Stream stream = (Reply.Stream) ask("listDeadLetters", Map.of(), "format=ndjson", "stage=score");
        ChunkTaker taker = new ChunkTaker();
        stream.chunks().subscribe(taker);
        StringBuilder text = new StringBuilder();
        for (byte[] chunk = taker.take(); chunk != null; chunk = taker.take()) {
            text.append(new String(chunk, UTF_8));
        }

        List<String> lines = text.toString().lines().toList();
        assertThat(lines).hasSize(LETTERS / 2);
        assertThat(JSON.readTree(lines.get(0)).path("offset").asInt()).isEqualTo(198);
    }
}
