package io.millrace.ingest.query;

import io.millrace.codec.PredictionCodec;
import io.millrace.config.PostgresLogin;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/** A database with the store's tables, and rows in it, written as plainly as can be. */
final class StoredRows implements AutoCloseable {
    static final JsonObject FEATURES = JsonObject.of("{\"views_1h\":3,\"ratio\":0.1,\"embedding\":[1.5E-7,-2]}");

    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);
    private static final int DAYS = 3;
    private static final List<Role> ROLES = List.of(Role.CHAMPION, Role.CANARY, Role.SHADOW);

    private final EmbeddedPostgres postgres;

    private StoredRows(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static StoredRows start() throws IOException, SQLException {
        StoredRows rows = new StoredRows(EmbeddedPostgres.start());
        try (InputStream migration = Objects.requireNonNull(
                StoredRows.class.getResourceAsStream("/io/millrace/contract/sql/V1__predictions.sql"))) {
            rows.execute(new String(migration.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (int i = 0; i < DAYS; i++) {
            rows.execute("CREATE TABLE predictions_day" + i + " PARTITION OF predictions FOR VALUES FROM ('"
                    + FIRST_DAY.plusDays(i) + " 00:00+00') TO ('" + FIRST_DAY.plusDays(i + 1) + " 00:00+00')");
        }
        return rows;
    }

    /** A moment of the three days that have partitions. */
    static Instant at(long secondsAfterStart) {
        return FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(secondsAfterStart);
    }

    /** How to read it, patiently. */
    QueryConfig config(long pageBytes) {
        return config(jdbcUrl(), pageBytes);
    }

    static QueryConfig config(String url, long pageBytes) {
        return new QueryConfig(
                new PostgresLogin(url, "postgres", ""),
                4,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                pageBytes,
                8,
                Duration.ofHours(24));
    }

    /** So many plain rows within the first hours of the first day, made where they are. */
    void fill(int count) throws SQLException {
        execute("INSERT INTO predictions SELECT timestamptz '" + at(0) + "' + i * interval '50 ms', gen_random_uuid(),"
                + " 'many-' || i, 'shop', 'user-' || i % 1000, NULL, 'churn', '1.0.0', repeat('0', 64), 'champion', 0.25,"
                + " 'not_purchase', 0.5, '{\"views_1h\":3}', NULL, timestamptz '" + at(0) + "', timestamptz '" + at(0)
                + "', NULL FROM generate_series(1, " + count + ") AS i");
    }

    String jdbcUrl() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Everything that a filter can ask for differs between rows with different numbers, in cycles of its own length. */
    static Prediction prediction(int number, Instant receivedAt) {
        Source source = new Source(number % 2 == 0 ? "shop" : "app");
        EventId event = new EventId("event-" + number);
        ModelVersion model = new ModelVersion(number % 3 == 0 ? "churn" : "purchase-intent", "1.0." + number % 4);
        float score = (number % 100) / 100f;
        return new Prediction(
                PredictionId.of(source, event, model),
                event,
                source,
                "user-" + number % 5,
                null,
                model,
                Sha256.of(new byte[] {1}),
                ROLES.get(number % 3),
                score,
                score >= 0.5f ? "purchase" : "not_purchase",
                0.5f,
                new Inputs(List.of(), new float[0], null),
                receivedAt.minusSeconds(number % 7),
                receivedAt,
                receivedAt.plusMillis(8),
                null);
    }

    /** The bytes that the topic has for it. */
    static byte[] json(Prediction prediction) {
        return PredictionCodec.encode(new StoredPrediction(prediction, FEATURES, null));
    }

    void insert(Prediction... predictions) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, NULL, ?, ?, ?)")) {
            for (Prediction p : predictions) {
                Object[] values = {
                    p.receivedAt().atOffset(ZoneOffset.UTC),
                    p.id().value(),
                    p.eventId().value(),
                    p.source().name(),
                    p.userId(),
                    p.anonymousId(),
                    p.model().name(),
                    p.model().version(),
                    p.sha256().hex(),
                    p.role().text(),
                    p.score(),
                    p.label(),
                    p.threshold(),
                    FEATURES.toString(),
                    p.eventTime().atOffset(ZoneOffset.UTC),
                    p.scoredAt().atOffset(ZoneOffset.UTC),
                    null
                };
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** How PostgreSQL would do it. */
    String plan(PredictionSelect select) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                PreparedStatement statement = select.prepare(connection, "EXPLAIN ");
                ResultSet lines = statement.executeQuery()) {
            StringBuilder plan = new StringBuilder();
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
