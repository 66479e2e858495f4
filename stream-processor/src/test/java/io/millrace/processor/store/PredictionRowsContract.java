package io.millrace.processor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.codec.InputsJson;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.StoredOffsets.Advance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a PostgreSQL must do for the store. Stands on the days, so that who runs it runs both. */
abstract class PredictionRowsContract extends DailyPartitionsContract {
    @Test
    void keepsEveryFieldBitForBit_whenWritten() throws Exception {
        Connection connection = connect();
        List<Prediction> written = List.of(SomePredictions.full(1, now), SomePredictions.sparse(2, now));

        rows.write(connection, written.stream().map(SomePredictions::stored).toList(), step(0, 2));

        for (Prediction prediction : written) {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT * FROM predictions WHERE id = '" + prediction.id() + "'")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getObject("id", UUID.class))
                        .isEqualTo(prediction.id().value());
                assertThat(row.getString("event_id"))
                        .isEqualTo(prediction.eventId().value());
                assertThat(row.getString("source")).isEqualTo("shop");
                assertThat(row.getString("user_id")).isEqualTo(prediction.userId());
                assertThat(row.getString("anonymous_id")).isEqualTo(prediction.anonymousId());
                assertThat(row.getString("model")).isEqualTo("purchase-intent");
                assertThat(row.getString("version")).isEqualTo("1.0.0");
                assertThat(row.getString("sha256"))
                        .isEqualTo(prediction.sha256().hex());
                assertThat(row.getString("role")).isEqualTo(prediction.role().text());
                assertThat(Float.floatToRawIntBits(row.getFloat("score")))
                        .isEqualTo(Float.floatToRawIntBits(prediction.score()));
                assertThat(row.getString("label")).isEqualTo(prediction.label());
                assertThat(row.getFloat("threshold")).isEqualTo(prediction.threshold());
                assertThat(row.getString("features"))
                        .isEqualTo(InputsJson.features(prediction.inputs()).toString());
                assertThat(row.getString("sequence"))
                        .isEqualTo(
                                InputsJson.sequence(prediction.inputs()) == null
                                        ? null
                                        : String.valueOf(InputsJson.sequence(prediction.inputs())));
                assertThat(time(row, "event_time")).isEqualTo(prediction.eventTime());
                assertThat(time(row, "received_at")).isEqualTo(prediction.receivedAt());
                assertThat(time(row, "scored_at")).isEqualTo(prediction.scoredAt());
                assertThat(row.getString("traceparent"))
                        .isEqualTo(prediction.traceparent() == null ? null : String.valueOf(prediction.traceparent()));
            }
        }
    }

    @Test
    void changesNothing_whenTheSameRowsAreWrittenAgain() throws Exception {
        Connection connection = connect();
        List<StoredPrediction> predictions = SomePredictions.rows(0, 500, now);

        int first = rows.write(connection, predictions, step(0, 500));
        int again = rows.write(connection, SomePredictions.rows(250, 750, now), step(500, 1_000));

        assertThat(first).isEqualTo(500);
        assertThat(again).isEqualTo(250);
        assertThat(count("true")).isEqualTo(750);
    }

    @Test
    void writesOneRow_whenABatchHoldsTheSamePredictionTwice() throws Exception {
        StoredPrediction prediction = SomePredictions.stored(SomePredictions.prediction(1, now));

        int inserted = rows.write(connect(), List.of(prediction, prediction), step(0, 2));

        assertThat(inserted).isEqualTo(1);
    }

    @Test
    void leavesNeitherRowsNorOffsets_whenAnotherWriterWasFaster() throws Exception {
        Connection winner = connect();
        Connection zombie = connect();
        rows.write(winner, SomePredictions.rows(0, 10, now), step(0, 10));
        DailyPartitions theirs = new DailyPartitions(Clock.systemUTC(), RETENTION);
        PredictionRows zombieRows = new PredictionRows(offsets, theirs);

        assertThatThrownBy(() -> zombieRows.write(
                        zombie,
                        SomePredictions.rows(100, 110, now),
                        Map.of(FIRST, new Advance(0, 10), SECOND, new Advance(0, 10))))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("group test");

        assertThat(count("true")).isEqualTo(10);
        assertThat(offsets.load(zombie, List.of(FIRST, SECOND))).isEqualTo(Map.of(FIRST, 10L, SECOND, 0L));
    }

    @Test
    void onlyOneOfTwoWritersStores_whenBothWriteTheSameStepAtOnce() throws Exception {
        Connection one = connect();
        Connection two = connect();
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (Connection connection : List.of(one, two)) {
                int from = connection == one ? 0 : 1_000;
                PredictionRows own = new PredictionRows(offsets, new DailyPartitions(Clock.systemUTC(), RETENTION));
                Callable<Boolean> write = () -> {
                    together.await(20, TimeUnit.SECONDS);
                    try {
                        own.write(connection, SomePredictions.rows(from, from + 500, now), step(0, 500));
                        return true;
                    } catch (FencedException e) {
                        return false;
                    }
                };
                results.add(threads.submit(write));
            }

            assertThat(List.of(
                            results.get(0).get(30, TimeUnit.SECONDS),
                            results.get(1).get(30, TimeUnit.SECONDS)))
                    .containsExactlyInAnyOrder(true, false);
        } finally {
            threads.shutdownNow();
        }
        assertThat(count("true")).isEqualTo(500);
        assertThat(offsets.load(one, List.of(FIRST))).isEqualTo(Map.of(FIRST, 500L));
    }

    @Test
    void leavesNothing_whenTheConnectionBreaksBeforeTheCommit() throws Exception {
        Connection connection = connect();
        Connection killer = connect();
        int backend;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            backend = row.getInt(1);
        }
        partitions.ensure(connection, List.of(DailyPartitions.day(now)));
        offsets.advance(connection, step(0, 10));
        try (Statement statement = killer.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(" + backend + ", 10000)");
        }

        SQLException broken = catchThrowableOfType(
                SQLException.class, () -> rows.write(connection, SomePredictions.rows(0, 10, now), step(10, 20)));

        assertThat(SqlFault.of(broken)).isEqualTo(SqlFault.DATABASE);
        assertThat(count("true")).isZero();
        assertThat(offsets.load(killer, List.of(FIRST))).isEqualTo(Map.of(FIRST, 0L));
    }

    @Test
    void blamesTheRow_whenPostgresCannotKeepIt() throws Exception {
        Connection connection = connect();
        List<StoredPrediction> batch = List.of(
                SomePredictions.stored(SomePredictions.prediction(1, now)),
                SomePredictions.stored(SomePredictions.unstorable(2, now)),
                SomePredictions.stored(SomePredictions.prediction(3, now)));

        SQLException refused =
                catchThrowableOfType(SQLException.class, () -> rows.write(connection, batch, step(0, 3)));

        assertThat(SqlFault.of(refused)).isEqualTo(SqlFault.ROW);
        assertThat(count("true")).isZero();
        assertThat(rows.write(connection, List.of(batch.get(0), batch.get(2)), step(0, 3)))
                .isEqualTo(2);
    }

    @Test
    void blamesTheRow_whenItBreaksAConstraint() throws Exception {
        Connection connection = connect();
        execute(connection, "ALTER TABLE predictions ADD CONSTRAINT no_visitors CHECK (user_id IS NOT NULL)");

        SQLException refused = catchThrowableOfType(
                SQLException.class,
                () -> rows.write(
                        connection, List.of(SomePredictions.stored(SomePredictions.sparse(1, now))), step(0, 1)));

        assertThat(SqlFault.of(refused)).isEqualTo(SqlFault.ROW);
        assertThat(refused.getMessage()).contains("no_visitors");
    }

    @Test
    void makesThePartitionAgain_whenItWasDroppedBehindOurBack() throws Exception {
        Connection connection = connect();
        rows.write(connection, SomePredictions.rows(0, 5, now), step(0, 5));
        for (LocalDate day : partitions.partitions(connection)) {
            execute(connection, "DROP TABLE predictions_" + day.toString().replace("-", ""));
        }

        SQLException refused = catchThrowableOfType(
                SQLException.class, () -> rows.write(connection, SomePredictions.rows(5, 8, now), step(5, 8)));

        assertThat(SqlFault.of(refused)).isEqualTo(SqlFault.DATABASE);
        assertThat(rows.write(connection, SomePredictions.rows(5, 8, now), step(5, 8)))
                .isEqualTo(3);
    }

    @Test
    void blamesTheDatabase_whenATableIsMissing() throws Exception {
        Connection connection = connect();
        execute(connection, "DROP TABLE predictions");

        SQLException refused = catchThrowableOfType(
                SQLException.class, () -> rows.write(connection, SomePredictions.rows(0, 1, now), step(0, 1)));

        assertThat(SqlFault.of(refused)).isEqualTo(SqlFault.DATABASE);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
