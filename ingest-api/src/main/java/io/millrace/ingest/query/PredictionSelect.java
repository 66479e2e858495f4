package io.millrace.ingest.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query as SQL. The text is put together from constants alone; whatever a client sent is a bound parameter. Not
 * thread-safe; one per read.
 */
final class PredictionSelect {
    /** Of a row, as {@link PredictionRow} reads it. */
    static final String COLUMNS = "SELECT received_at, id, event_id, source, user_id, anonymous_id,"
            + " model, version, sha256, role, score, label, threshold, features, sequence, event_time, scored_at,"
            + " traceparent FROM ";

    private final StringBuilder sql = new StringBuilder(COLUMNS);
    private final List<Object> parameters = new ArrayList<>();

    /**
     * Makes the statement.
     *
     * @param after the row to go on after, or null for the first page
     * @param eventsAhead how far an event's time may be after its receipt
     */
    PredictionSelect(PredictionQuery query, @Nullable Cursor after, Duration eventsAhead) {
        if (query.eventId() == null) {
            sql.append("predictions WHERE true");
        } else {
            // OFFSET 0 keeps the limit out of it: on a day without statistics PostgreSQL believes that an id has many
            // rows, and would rather walk the whole day in order than ask the index of ids.
            sql.append("(SELECT * FROM predictions WHERE event_id = ? OFFSET 0) AS predictions WHERE true");
            parameters.add(query.eventId());
        }
        filter(" AND source = ?", query.source() == null ? null : query.source().name());
        filter(" AND user_id = ?", query.userId());
        filter(" AND model = ?", query.model());
        filter(" AND version = ?", query.version());
        filter(" AND role = ?", query.role() == null ? null : query.role().text());
        if (!query.shadows() && query.role() == null && query.version() == null) {
            sql.append(" AND role <> 'shadow'");
        }
        filter(" AND label = ?", query.label());
        filter(" AND score >= ?", query.minScore());
        filter(" AND score <= ?", query.maxScore());
        if (query.from() != null) {
            filter(" AND event_time >= ?", time(query.from()));
            // Without it a range that begins today would still look into every day that is kept.
            filter(" AND received_at >= ?", time(Cursor.clamp(query.from()).minus(eventsAhead)));
        }
        if (query.to() != null) {
            filter(" AND event_time < ?", time(query.to()));
        }
        if (after != null) {
            sql.append(" AND (received_at, id) < (?, ?)");
            parameters.add(time(after.receivedAt()));
            parameters.add(after.id());
        }
        // The primary key read backwards, day by day, or a user's index likewise: no sort, and it stops at the limit.
        sql.append(" ORDER BY received_at DESC, id DESC LIMIT ?");
        parameters.add(query.limit() + 1);
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        return prepare(connection, "");
    }

    /** @param before what stands before the statement, such as EXPLAIN */
    PreparedStatement prepare(Connection connection, String before) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(before + sql);
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
        return statement;
    }

    private void filter(String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return Cursor.clamp(instant).atOffset(ZoneOffset.UTC);
    }
}
