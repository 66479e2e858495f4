package io.millrace.ingest.query.letter;

import io.millrace.codec.Timestamps;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.ingest.query.Cursor;
import io.millrace.ingest.query.Parameters;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are asked for, and how SQL says it. Whatever a client sent is a bound parameter.
 *
 * @param userId of the user, or of a visitor
 * @param redriven those that were put back, or those that were not; null for both
 * @param from refused at or after it
 * @param to refused before it
 */
record LetterQuery(
        @Nullable Reason reason,
        DeadLetter.@Nullable Stage stage,
        @Nullable Source source,
        @Nullable String userId,
        @Nullable String eventId,
        @Nullable String model,
        @Nullable Boolean redriven,
        @Nullable Instant from,
        @Nullable Instant to) {
    private static final String TABLES = " FROM dead_letters d LEFT JOIN redrives r USING (\"partition\", \"offset\")";

    /** @throws IllegalArgumentException with a sentence for the client */
    static LetterQuery of(Parameters parameters) {
        return new LetterQuery(
                parameters.value("reason", Reason::parse, "one of those in dead-letter.schema.json"),
                parameters.value("stage", DeadLetter.Stage::parse, "a step of the path"),
                parameters.value("source", Source::new, "the name of a source"),
                storable("userId", parameters),
                storable("eventId", parameters),
                storable("model", parameters),
                parameters.value("redriven", LetterQuery::flag, "true or false"),
                parameters.value("from", Timestamps::parse, "ISO 8601 with an offset"),
                parameters.value("to", Timestamps::parse, "ISO 8601 with an offset"));
    }

    /** For cursors: a place in one result means nothing in another. */
    int checksum() {
        return Cursor.checksum(Arrays.asList(reason, stage, source, userId, eventId, model, redriven, from, to));
    }

    /**
     * A page's rows, the latest first.
     *
     * @param after the row to go on after
     */
    PreparedStatement rows(Connection connection, @Nullable Cursor after, int limit) throws SQLException {
        StringBuilder sql = new StringBuilder(LetterRow.COLUMNS + TABLES + " WHERE true");
        List<Object> bound = filters(sql);
        if (after != null) {
            sql.append(" AND (failed_at, \"partition\", \"offset\") < (?, ?, ?)");
            bound.add(time(after.receivedAt()));
            bound.add((int) after.id().getMostSignificantBits());
            bound.add(after.id().getLeastSignificantBits());
        }
        sql.append(" ORDER BY failed_at DESC, \"partition\" DESC, \"offset\" DESC LIMIT ?");
        bound.add(limit);
        return prepare(connection, sql, bound);
    }

    /** Reason, stage, whether redriven, and how many; the most first. */
    PreparedStatement counts(Connection connection) throws SQLException {
        StringBuilder sql =
                new StringBuilder("SELECT reason, stage, r.attempt IS NOT NULL, count(*)" + TABLES + " WHERE true");
        List<Object> bound = filters(sql);
        sql.append(" GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3");
        return prepare(connection, sql, bound);
    }

    /** One row, by its place. */
    static PreparedStatement one(Connection connection, int partition, long offset) throws SQLException {
        return prepare(
                connection,
                new StringBuilder(LetterRow.COLUMNS + TABLES + " WHERE \"partition\" = ? AND \"offset\" = ?"),
                List.of(partition, offset));
    }

    private static PreparedStatement prepare(Connection connection, StringBuilder sql, List<Object> bound)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        for (int i = 0; i < bound.size(); i++) {
            statement.setObject(i + 1, bound.get(i));
        }
        return statement;
    }

    private List<Object> filters(StringBuilder sql) {
        List<Object> bound = new ArrayList<>();
        filter(sql, bound, " AND reason = ?", reason == null ? null : reason.code());
        filter(sql, bound, " AND stage = ?", stage == null ? null : stage.text());
        filter(sql, bound, " AND source = ?", source == null ? null : source.name());
        filter(sql, bound, " AND user_id = ?", userId);
        filter(sql, bound, " AND event_id = ?", eventId);
        filter(sql, bound, " AND model = ?", model);
        filter(sql, bound, " AND failed_at >= ?", from == null ? null : time(from));
        filter(sql, bound, " AND failed_at < ?", to == null ? null : time(to));
        if (redriven != null) {
            sql.append(redriven ? " AND r.attempt IS NOT NULL" : " AND r.attempt IS NULL");
        }
        return bound;
    }

    private static void filter(StringBuilder sql, List<Object> bound, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            bound.add(value);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return Cursor.clamp(instant).atOffset(ZoneOffset.UTC);
    }

    private static Boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("true");
    }

    /** PostgreSQL has no NUL, and its driver refuses one. */
    private static @Nullable String storable(String name, Parameters parameters) {
        return parameters.value(name, LetterQuery::withoutNul, "a text without NUL");
    }

    private static String withoutNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
