package io.millrace.processor.store;

import io.millrace.quality.QualityCounts.Total;
import io.millrace.quality.QualityRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;

/** Writes counts of model quality; a newer record of the same key takes the place of the older, never the other way. */
final class QualityRows {
    private static final String UPSERT =
            "INSERT INTO model_quality (model, version, role, window_start, window_seconds,"
                    + " \"partition\", predictions, dropped, true_positives, false_positives, false_negatives, true_negatives,"
                    + " record, updated_at) VALUES (?, ?, ?, coalesce(?::timestamptz, '-infinity'), ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " ?::json, ?) ON CONFLICT (model, window_start, version, role, \"partition\") DO UPDATE SET"
                    + " window_seconds = excluded.window_seconds, predictions = excluded.predictions, dropped ="
                    + " excluded.dropped, true_positives = excluded.true_positives, false_positives = excluded.false_positives,"
                    + " false_negatives = excluded.false_negatives, true_negatives = excluded.true_negatives, record ="
                    + " excluded.record, updated_at = excluded.updated_at WHERE model_quality.updated_at <="
                    + " excluded.updated_at";

    /**
     * A record with its bytes.
     *
     * @param json as it was on the topic
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record Row(QualityRecord record, byte[] json) {}

    private QualityRows() {}

    static void write(Connection connection, Collection<Row> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            for (Row row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
        }
    }

    private static void bind(PreparedStatement statement, Row row) throws SQLException {
        QualityRecord record = row.record();
        QualityRecord.Window window = record.window();
        statement.setString(1, record.model().name());
        statement.setString(2, record.model().version());
        statement.setString(3, record.role().text());
        if (window == null) {
            statement.setNull(4, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setNull(5, Types.BIGINT);
        } else {
            statement.setObject(4, OffsetDateTime.ofInstant(window.start(), ZoneOffset.UTC));
            statement.setLong(5, window.length().toSeconds());
        }
        statement.setInt(6, record.partition());
        int column = 7;
        for (Total total : new Total[] {
            Total.PREDICTIONS,
            Total.DROPPED,
            Total.TRUE_POSITIVES,
            Total.FALSE_POSITIVES,
            Total.FALSE_NEGATIVES,
            Total.TRUE_NEGATIVES
        }) {
            statement.setLong(column++, record.counts().total(total));
        }
        statement.setString(13, new String(row.json(), StandardCharsets.UTF_8));
        statement.setObject(14, OffsetDateTime.ofInstant(record.updatedAt(), ZoneOffset.UTC));
    }

    /** Drops windows that nothing has changed for so long; all over all time stay. */
    static void dropExpired(Connection connection, Duration retention) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM model_quality WHERE window_start >"
                + " '-infinity' AND updated_at < now() - make_interval(secs => ?)")) {
            statement.setDouble(1, (double) retention.toSeconds());
            statement.executeUpdate();
            connection.commit();
        }
    }
}
