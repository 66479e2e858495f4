package io.millrace.processor.store;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Redrive;
import io.millrace.identity.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes dead letters and redrives; each is one row by its place, so that writing it again changes nothing. */
final class LetterRows {
    private static final String LETTER =
            "INSERT INTO dead_letters (\"partition\", \"offset\", failed_at, reason, stage, source,"
                    + " event_id, user_id, model, attempts, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                    // A topic that was made anew begins with offset 0 again: the later record is the one that is there.
                    + " (\"partition\", \"offset\") DO UPDATE SET failed_at = excluded.failed_at, reason = excluded.reason, stage ="
                    + " excluded.stage, source = excluded.source, event_id = excluded.event_id, user_id = excluded.user_id, model ="
                    + " excluded.model, attempts = excluded.attempts, record = excluded.record";

    private static final String REDRIVE =
            "INSERT INTO redrives (\"partition\", \"offset\", attempt, redriven_at) VALUES (?, ?,"
                    + " ?, ?) ON CONFLICT (\"partition\", \"offset\") DO UPDATE SET attempt = excluded.attempt, redriven_at ="
                    + " excluded.redriven_at";

    /** A piece at a time: deleting a million rows in one transaction would hold up the vacuum, and who deletes. */
    private static final String EXPIRED_LETTERS = "DELETE FROM dead_letters WHERE ctid = ANY (ARRAY (SELECT ctid FROM"
            + " dead_letters WHERE failed_at < ? LIMIT 10000))";

    private static final String EXPIRED_REDRIVES = "DELETE FROM redrives WHERE redriven_at < ?";
    /** In PostgreSQL a text is as long as it likes; in a list it need not be. */
    private static final int LONGEST = 256;

    /** Within what timestamptz can hold. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    /** What was read of one of the two topics. */
    sealed interface Row {
        /** @param json as it was on the topic */
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Letter(LetterId id, DeadLetter letter, byte[] json) implements Row {}

        record PutBack(Redrive redrive) implements Row {}
    }

    private LetterRows() {}

    /** Writes and commits them; not those of a user that was erased since. */
    static void write(Connection connection, List<Row> rows) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            // As every writer does before it asks who was erased: see Erasures.
            lock.execute("LOCK TABLE consumer_offsets IN ROW SHARE MODE");
        }
        insert(connection, Erasures.withoutLetters(connection, rows));
    }

    private static void insert(Connection connection, List<Row> rows) throws SQLException {
        try (PreparedStatement letters = connection.prepareStatement(LETTER);
                PreparedStatement redrives = connection.prepareStatement(REDRIVE)) {
            for (Row row : rows) {
                if (row instanceof Row.Letter letter) {
                    bind(letters, letter);
                } else if (row instanceof Row.PutBack putBack) {
                    bind(redrives, putBack.redrive());
                }
            }
            letters.executeBatch();
            redrives.executeBatch();
            connection.commit();
        }
    }

    private static void bind(PreparedStatement statement, Row.Letter row) throws SQLException {
        DeadLetter letter = row.letter();
        Source source = letter.source();
        statement.setInt(1, row.id().partition());
        statement.setLong(2, row.id().offset());
        statement.setObject(3, time(letter.failedAt()));
        statement.setString(4, letter.reason().code());
        statement.setString(5, letter.stage().text());
        statement.setString(6, source == null ? null : source.name());
        statement.setString(7, text(letter.eventId()));
        statement.setString(8, LetterUser.of(letter));
        statement.setString(9, text(letter.model()));
        statement.setInt(10, letter.attempts());
        statement.setBytes(11, row.json());
        statement.addBatch();
    }

    private static void bind(PreparedStatement statement, Redrive redrive) throws SQLException {
        statement.setInt(1, redrive.letter().partition());
        statement.setLong(2, redrive.letter().offset());
        statement.setInt(3, redrive.attempt());
        statement.setObject(4, time(redrive.at()));
        statement.addBatch();
    }

    /** Drops what is past the retention; redrives stay for twice as long, so that no letter is taken for one that was not put back. */
    static void dropExpired(Connection connection, Duration retention, Instant now) throws SQLException {
        int dropped;
        do {
            dropped = drop(connection, EXPIRED_LETTERS, now.minus(retention));
        } while (dropped > 0);
        drop(connection, EXPIRED_REDRIVES, now.minus(retention.multipliedBy(2)));
    }

    private static int drop(Connection connection, String sql, Instant before) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, time(before));
            int dropped = statement.executeUpdate();
            connection.commit();
            return dropped;
        }
    }

    /** What no text of PostgreSQL can hold is not looked for; the record has it all the same. */
    private static @Nullable String text(@Nullable String text) {
        return text != null && text.length() <= LONGEST && StoredTexts.isStorable(text) ? text : null;
    }

    private static OffsetDateTime time(Instant instant) {
        Instant kept = instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
        return OffsetDateTime.ofInstant(kept, ZoneOffset.UTC);
    }
}
