package io.millrace.ingest.query;

import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A row of the store, in the order of {@link PredictionSelect}'s columns. */
final class PredictionRow {
    private PredictionRow() {}

    /** The row that the result stands on. */
    static StoredPrediction read(ResultSet row) throws SQLException {
        String sequence = row.getString(15);
        String traceparent = row.getString(18);
        Prediction prediction = new Prediction(
                new PredictionId(row.getObject(2, UUID.class)),
                new EventId(row.getString(3)),
                new Source(row.getString(4)),
                row.getString(5),
                row.getString(6),
                new ModelVersion(row.getString(7), row.getString(8)),
                new Sha256(row.getString(9)),
                Role.parse(row.getString(10)),
                row.getFloat(11),
                row.getString(12),
                row.getFloat(13),
                StoredPrediction.NOT_READ,
                time(row, 16),
                time(row, 1),
                time(row, 17),
                traceparent == null ? null : new Traceparent(traceparent));
        return new StoredPrediction(
                prediction, JsonObject.of(row.getString(14)), sequence == null ? null : JsonObject.of(sequence));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
