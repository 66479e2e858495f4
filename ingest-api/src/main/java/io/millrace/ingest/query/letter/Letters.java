package io.millrace.ingest.query.letter;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import io.millrace.ingest.query.Answer;
import io.millrace.ingest.query.Cursor;
import io.millrace.ingest.query.Predictions;
import io.millrace.ingest.query.Predictions.Found;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stored dead letters. Thread-safe and blocking, as {@link Predictions} is, whose connections it uses. */
final class Letters {
    private static final int ROWS_PER_FETCH = 50;

    private final Predictions store;

    Letters(Predictions store) {
        this.store = store;
    }

    /**
     * One page, each letter with the beginning of its bytes.
     *
     * @param mostBytes a page ends early once it has so many
     * @param lines whether each letter ends with a line feed
     */
    Answer page(LetterQuery query, int limit, @Nullable String cursor, long mostBytes, boolean lines) {
        Optional<Cursor> after = cursor == null ? Optional.empty() : Cursor.parse(cursor);
        if (cursor != null && (after.isEmpty() || after.get().filters() != query.checksum())) {
            return new Answer.BadCursor("cursor: expected one that a page with the same filters gave");
        }
        Found<Answer.Page> found = store.inStore(connection -> {
            try (PreparedStatement statement = query.rows(connection, after.orElse(null), limit + 1)) {
                statement.setFetchSize(ROWS_PER_FETCH);
                try (ResultSet rows = statement.executeQuery()) {
                    return page(rows, query, limit, mostBytes, lines);
                }
            }
        });
        return found.value() == null ? Objects.requireNonNull(found.failure()) : found.value();
    }

    private static Answer.Page page(ResultSet rows, LetterQuery query, int limit, long mostBytes, boolean lines)
            throws SQLException {
        List<byte[]> letters = new ArrayList<>();
        LetterRow last = null;
        long bytes = 0;
        while (rows.next()) {
            if (last != null && (letters.size() == limit || bytes >= mostBytes)) {
                return new Answer.Page(letters, cursor(last, query));
            }
            last = LetterRow.read(rows);
            byte[] json = LetterJson.of(last, LetterJson.BEGINNING);
            letters.add(lines ? line(json) : json);
            bytes += json.length;
        }
        return new Answer.Page(letters, null);
    }

    private static String cursor(LetterRow last, LetterQuery query) {
        LetterId id = last.id();
        return new Cursor(last.letter().failedAt(), new UUID(id.partition(), id.offset()), query.checksum()).text();
    }

    private static byte[] line(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    Found<List<LetterJson.Count>> counts(LetterQuery query) {
        return store.inStore(connection -> {
            List<LetterJson.Count> counts = new ArrayList<>();
            try (PreparedStatement statement = query.counts(connection);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.add(new LetterJson.Count(
                            rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getLong(4)));
                }
            }
            return counts;
        });
    }

    /** With all its bytes. */
    Found<Optional<byte[]>> one(LetterId id) {
        return store.inStore(connection -> {
            try (PreparedStatement statement = LetterQuery.one(connection, id.partition(), id.offset());
                    ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(LetterJson.of(LetterRow.read(rows), DeadLetter.MAX_PAYLOAD))
                        : Optional.empty();
            }
        });
    }
}
