package io.millrace.processor.store;

import io.millrace.event.Erasure;
import io.millrace.identity.Sha256;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table erasures: whose predictions and dead letters are not stored any more. Stateless; owns no connection. */
final class Erasures {
    private Erasures() {}

    /** Those that may be stored: not those that were made of an erased user before it was erased. */
    static List<StoredPrediction> without(Connection connection, List<StoredPrediction> rows) throws SQLException {
        if (rows.isEmpty() || isEmpty(connection)) {
            return rows;
        }
        Map<ByteBuffer, Instant> erased =
                erased(connection, rows.stream().map(row -> ByteBuffer.wrap(hash(row.prediction()))));
        if (erased.isEmpty()) {
            return rows;
        }
        List<StoredPrediction> kept = new ArrayList<>(rows.size());
        for (StoredPrediction row : rows) {
            Instant at = erased.get(ByteBuffer.wrap(hash(row.prediction())));
            if (at == null || row.prediction().scoredAt().isAfter(at)) {
                kept.add(row);
            }
        }
        return kept;
    }

    /** Those that may be stored: not those that failed before the user whose they are was erased. */
    static List<LetterRows.Row> withoutLetters(Connection connection, List<LetterRows.Row> rows) throws SQLException {
        if (rows.isEmpty() || isEmpty(connection)) {
            return rows;
        }
        Map<ByteBuffer, Instant> erased = erased(connection, rows.stream().flatMap(row -> users(row).stream()));
        if (erased.isEmpty()) {
            return rows;
        }
        List<LetterRows.Row> kept = new ArrayList<>(rows);
        kept.removeIf(row -> row instanceof LetterRows.Row.Letter letter
                && users(row).stream()
                        .map(erased::get)
                        .anyMatch(
                                at -> at != null && !letter.letter().failedAt().isAfter(at)));
        return kept;
    }

    /** Nothing in a letter tells for certain whether an id is a user's or a visitor's. */
    private static List<ByteBuffer> users(LetterRows.Row row) {
        if (!(row instanceof LetterRows.Row.Letter letter) || letter.letter().source() == null) {
            return List.of();
        }
        String user = LetterUser.of(letter.letter());
        return user == null
                ? List.of()
                : Stream.of(false, true)
                        .map(anonymous -> new UserKey(letter.letter().source(), anonymous, user))
                        .map(key -> ByteBuffer.wrap(bytes(Erasure.hash(key))))
                        .toList();
    }

    private static boolean isEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM erasures)")) {
            row.next();
            return !row.getBoolean(1);
        }
    }

    private static Map<ByteBuffer, Instant> erased(Connection connection, Stream<ByteBuffer> users)
            throws SQLException {
        byte[][] hashes = users.distinct().map(ByteBuffer::array).toArray(byte[][]::new);
        Map<ByteBuffer, Instant> erased = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT user_hash, erased_at FROM erasures WHERE user_hash = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bytea", hashes));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    erased.put(
                            ByteBuffer.wrap(found.getBytes(1)),
                            found.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
        }
        return erased;
    }

    private static byte[] hash(Prediction prediction) {
        @Nullable String user = prediction.userId();
        UserKey key = user != null
                ? new UserKey(prediction.source(), false, user)
                : new UserKey(prediction.source(), true, Objects.requireNonNull(prediction.anonymousId()));
        return bytes(Erasure.hash(key));
    }

    private static byte[] bytes(Sha256 hash) {
        return HexFormat.of().parseHex(hash.hex());
    }

    /** Whether it is noted, and its rows so are deleted: both are one transaction. Of another time it is another. */
    static boolean isKnown(Connection connection, Erasure erasure) throws SQLException {
        if (erasure.user() != null) {
            // Its end may not be on the topic yet: rather once more than a name that stays.
            return false;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT FROM erasures WHERE user_hash = ? AND erased_at >= ?")) {
            statement.setBytes(1, bytes(erasure.hash()));
            statement.setObject(2, OffsetDateTime.ofInstant(erasure.at(), ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                boolean known = row.next();
                connection.commit();
                return known;
            }
        }
    }

    /**
     * Notes that a user was erased and deletes its rows, in one transaction. Writers' transactions take a lock on
     * consumer_offsets before they read this table, so each of them is over, and its rows are deleted, or sees the note.
     *
     * @return how many rows were deleted; none where it is not told who the user was
     */
    static int erase(Connection connection, Erasure erasure) throws SQLException {
        try (Statement lock = connection.createStatement();
                PreparedStatement note = connection.prepareStatement("INSERT INTO erasures VALUES (?, ?) ON CONFLICT"
                        + " (user_hash) DO UPDATE SET erased_at = greatest(erasures.erased_at, excluded.erased_at)")) {
            lock.execute("LOCK TABLE consumer_offsets IN EXCLUSIVE MODE");
            OffsetDateTime when = OffsetDateTime.ofInstant(erasure.at(), ZoneOffset.UTC);
            note.setBytes(1, bytes(erasure.hash()));
            note.setObject(2, when);
            note.executeUpdate();
            UserKey user = erasure.user();
            int deleted = user == null ? 0 : delete(connection, user, when);
            connection.commit();
            return deleted;
        }
    }

    private static int delete(Connection connection, UserKey user, OffsetDateTime when) throws SQLException {
        String whose = user.anonymous() ? "user_id IS NULL AND anonymous_id = ?" : "user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM predictions WHERE " + whose + " AND source = ? AND scored_at <= ?")) {
            statement.setString(1, user.id());
            statement.setString(2, user.source().name());
            statement.setObject(3, when);
            int deleted = statement.executeUpdate();
            letters(connection, user, when);
            return deleted;
        }
    }

    private static void letters(Connection connection, UserKey user, OffsetDateTime when) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM dead_letters WHERE user_id = ? AND source = ? AND failed_at <= ?")) {
            statement.setString(1, user.id());
            statement.setString(2, user.source().name());
            statement.setObject(3, when);
            statement.executeUpdate();
        }
    }
}
