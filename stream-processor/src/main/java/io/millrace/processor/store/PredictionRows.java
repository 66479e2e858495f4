package io.millrace.processor.store;

import io.millrace.codec.Timestamps;
import io.millrace.event.JsonObject;
import io.millrace.identity.Traceparent;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.StoredOffsets.Advance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes predictions and the offsets they came from in one transaction. Writing the same rows again changes nothing.
 * Belongs to one thread; owns no connection. A connection it is given must not commit by itself.
 */
final class PredictionRows {
    /**
     * One statement for a whole batch, its columns as arrays: as fast as COPY (docs/benchmarks.md), and unlike COPY it
     * passes over rows that are there. Arrays of texts and floats travel in binary; the driver has no such form for
     * uuid and timestamptz, so these go as texts too.
     */
    private static final String INSERT = "INSERT INTO predictions (received_at, id, event_id, source, user_id,"
            + " anonymous_id, model, version, sha256, role, score, label, threshold, features, sequence, event_time,"
            + " scored_at, traceparent) SELECT received_at::timestamptz, id::uuid, event_id, source, user_id,"
            + " anonymous_id, model, version, sha256, role, score, label, threshold, features::json, sequence::json,"
            + " event_time::timestamptz, scored_at::timestamptz, traceparent FROM unnest(?::text[], ?::text[],"
            + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::real[],"
            + " ?::text[], ?::real[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS r (received_at, id,"
            + " event_id, source, user_id, anonymous_id, model, version, sha256, role, score, label, threshold,"
            + " features, sequence, event_time, scored_at, traceparent) ON CONFLICT DO NOTHING";

    private final StoredOffsets offsets;
    private final DailyPartitions partitions;

    PredictionRows(StoredOffsets offsets, DailyPartitions partitions) {
        this.offsets = offsets;
        this.partitions = partitions;
    }

    /**
     * Stores the rows and advances the offsets, all or nothing.
     *
     * @param rows of days that are kept; may be empty, and then only the offsets advance
     * @return how many rows were not there before
     * @throws FencedException if another writer has stored one of the partitions meanwhile; nothing is changed
     */
    int write(Connection connection, List<StoredPrediction> rows, Map<TopicPartition, Advance> advances)
            throws SQLException, FencedException {
        try {
            Set<LocalDate> days = new HashSet<>();
            rows.forEach(row -> days.add(DailyPartitions.day(row.prediction().receivedAt())));
            partitions.ensure(connection, days);
            // The offsets first: a writer that is fenced finds out before it sends its rows.
            offsets.advance(connection, advances);
            int inserted = rows.isEmpty() ? 0 : insert(connection, rows);
            connection.commit();
            return inserted;
        } catch (SQLException | FencedException | RuntimeException e) {
            // The transaction may have made a partition, or found none that it thought was there.
            partitions.forget();
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    private static int insert(Connection connection, List<StoredPrediction> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            Columns columns = new Columns(connection, statement, rows);
            columns.texts(row -> Timestamps.format(row.receivedAt()));
            columns.texts(row -> row.id().toString());
            columns.texts(row -> row.eventId().value());
            columns.texts(row -> row.source().name());
            columns.texts(Prediction::userId);
            columns.texts(Prediction::anonymousId);
            columns.texts(row -> row.model().name());
            columns.texts(row -> row.model().version());
            columns.texts(row -> row.sha256().hex());
            columns.texts(row -> row.role().text());
            columns.floats(Prediction::score);
            columns.texts(Prediction::label);
            columns.floats(Prediction::threshold);
            columns.json(StoredPrediction::features);
            columns.json(StoredPrediction::sequence);
            columns.texts(row -> Timestamps.format(row.eventTime()));
            columns.texts(row -> Timestamps.format(row.scoredAt()));
            columns.texts(PredictionRows::traceparent);
            return statement.executeUpdate();
        }
    }

    private static @Nullable String traceparent(Prediction row) {
        Traceparent traceparent = row.traceparent();
        return traceparent == null ? null : traceparent.value();
    }

    /** Binds the statement's parameters, one array a column. */
    private static final class Columns {
        private final Connection connection;
        private final PreparedStatement statement;
        private final List<StoredPrediction> rows;
        private int bound;

        Columns(Connection connection, PreparedStatement statement, List<StoredPrediction> rows) {
            this.connection = connection;
            this.statement = statement;
            this.rows = rows;
        }

        void texts(Function<Prediction, @Nullable String> column) throws SQLException {
            @Nullable String[] values = new @Nullable String[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = column.apply(rows.get(i).prediction());
            }
            statement.setArray(++bound, connection.createArrayOf("text", values));
        }

        void json(Function<StoredPrediction, @Nullable JsonObject> column) throws SQLException {
            @Nullable String[] values = new @Nullable String[rows.size()];
            for (int i = 0; i < values.length; i++) {
                JsonObject json = column.apply(rows.get(i));
                values[i] = json == null ? null : json.toString();
            }
            statement.setArray(++bound, connection.createArrayOf("text", values));
        }

        void floats(Function<Prediction, Float> column) throws SQLException {
            Float[] values = new Float[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = column.apply(rows.get(i).prediction());
            }
            statement.setArray(++bound, connection.createArrayOf("float4", values));
        }
    }
}
