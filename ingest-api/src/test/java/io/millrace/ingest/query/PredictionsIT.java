package io.millrace.ingest.query;

import static io.millrace.ingest.query.StoredPages.page;
import static io.millrace.ingest.query.StoredPages.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.config.PostgresLogin;
import io.millrace.identity.Source;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionsIT {
    private static @Nullable StoredPages stored;

    @BeforeAll
    static void store() throws IOException, SQLException {
        stored = StoredPages.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (stored != null) {
            stored.close();
        }
    }

    private static StoredPages stored() {
        return Objects.requireNonNull(stored);
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                filter("none", builder -> builder, p -> true),
                filter(
                        "source",
                        builder -> builder.source(new Source("shop")),
                        p -> p.source().name().equals("shop")),
                filter("userId", builder -> builder.userId("user-3"), p -> "user-3".equals(p.userId())),
                filter(
                        "eventId",
                        builder -> builder.eventId("event-17"),
                        p -> p.eventId().value().equals("event-17")),
                filter(
                        "model",
                        builder -> builder.model("churn"),
                        p -> p.model().name().equals("churn")),
                filter(
                        "version",
                        builder -> builder.version("1.0.2"),
                        p -> p.model().version().equals("1.0.2")),
                filter("role", builder -> builder.role(Role.SHADOW), p -> p.role() == Role.SHADOW),
                filter("without shadows", builder -> builder.withoutShadows(), p -> p.role() != Role.SHADOW),
                filter(
                        "without shadows, of a role",
                        builder -> builder.withoutShadows().role(Role.SHADOW),
                        p -> p.role() == Role.SHADOW),
                filter(
                        "without shadows, of a version",
                        builder -> builder.withoutShadows().version("1.0.2"),
                        p -> p.model().version().equals("1.0.2")),
                filter(
                        "label",
                        builder -> builder.label("purchase"),
                        p -> p.label().equals("purchase")),
                filter("minScore", builder -> builder.minScore(0.42f), p -> p.score() >= 0.42f),
                filter("maxScore", builder -> builder.maxScore(0.42f), p -> p.score() <= 0.42f),
                filter(
                        "from",
                        builder -> builder.from(StoredRows.at(100_000)),
                        p -> !p.eventTime().isBefore(StoredRows.at(100_000))),
                filter(
                        "to",
                        builder -> builder.to(StoredRows.at(100_300)),
                        p -> p.eventTime().isBefore(StoredRows.at(100_300))),
                filter(
                        "all at once",
                        builder -> builder.source(new Source("shop"))
                                .userId("user-2")
                                .model("purchase-intent")
                                .version("1.0.2")
                                .role(Role.CANARY)
                                .label("not_purchase")
                                .minScore(0.1f)
                                .maxScore(0.4f)
                                .from(StoredRows.at(0))
                                .to(StoredRows.at(200_000)),
                        p -> p.source().name().equals("shop")
                                && "user-2".equals(p.userId())
                                && p.model().toString().equals("purchase-intent@1.0.2")
                                && p.role() == Role.CANARY
                                && p.label().equals("not_purchase")
                                && p.score() >= 0.1f
                                && p.score() <= 0.4f
                                && p.eventTime().isBefore(StoredRows.at(200_000))));
    }

    private interface Filtering {
        PredictionQuery.Builder on(PredictionQuery.Builder builder);
    }

    private static Arguments filter(String name, Filtering filtering, Predicate<Prediction> same) {
        return Arguments.of(name, filtering, same);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void findsWhatTheFilterAsksFor_newestFirst_asOnTheTopic(
            String name, Filtering filtering, Predicate<Prediction> same) {
        Answer.Page page = page(
                stored().predictions(),
                filtering.on(PredictionQuery.newest(1_000)).build());

        assertThat(texts(page.predictions())).as(name).isNotEmpty().containsExactlyElementsOf(stored().expected(same));
        assertThat(page.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "'; DROP TABLE predictions; --",
                "user-1') UNION SELECT * FROM predictions --",
                "\\' OR 1=1 --",
                "%",
                "user-_",
                "$1",
                "?",
                "\u0000",
                "a\ud800b"
            })
    void findsNothingAndBreaksNothing_whenAValueIsAnAttack(String attack) {
        Stream<PredictionQuery> queries = Stream.of(
                PredictionQuery.newest(10).userId(attack).build(),
                PredictionQuery.newest(10).eventId(attack).build(),
                PredictionQuery.newest(10).model(attack).build(),
                PredictionQuery.newest(10).version(attack).build(),
                PredictionQuery.newest(10).label(attack).build());

        assertThat(queries)
                .allSatisfy(
                        query -> assertThat(page(stored().predictions(), query).predictions())
                                .isEmpty());
        assertThat(page(stored().predictions(), PredictionQuery.newest(1_000).build())
                        .predictions())
                .hasSize(StoredPages.ROWS);
    }

    @Test
    void saysUnavailable_whenNoStoreIsThere() {
        try (Predictions nowhere = new Predictions(
                StoredRows.config("jdbc:postgresql://127.0.0.1:1/millrace", 1L << 20), new SimpleMeterRegistry())) {
            Answer answer = nowhere.read(PredictionQuery.newest(10).build());

            assertThat(answer).isInstanceOf(Answer.Unavailable.class);
            assertThat(nowhere.problem()).isPresent();
        }
    }

    @Test
    void saysTooSlow_whenTheTimeIsUp() throws Exception {
        StoredRows database = stored().rows();
        QueryConfig impatient = new QueryConfig(
                new PostgresLogin(database.jdbcUrl(), "postgres", ""),
                1,
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                1L << 20,
                8,
                Duration.ofHours(24));
        try (Predictions reader = new Predictions(impatient, new SimpleMeterRegistry());
                Connection holder = DriverManager.getConnection(database.jdbcUrl(), "postgres", "");
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("LOCK TABLE predictions IN ACCESS EXCLUSIVE MODE");

            assertThat(reader.read(PredictionQuery.newest(10).build())).isInstanceOf(Answer.TooSlow.class);

            holder.rollback();
        }
    }
}
