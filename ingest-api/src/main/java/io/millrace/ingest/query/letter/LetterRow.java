package io.millrace.ingest.query.letter;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A stored letter.
 *
 * @param userId as the store's writer found it
 * @param attempt that it was put back as; 0 where it was not
 * @param redrivenAt null where it was not
 */
record LetterRow(
        LetterId id,
        DeadLetter letter,
        @Nullable String userId,
        int attempt,
        @Nullable Instant redrivenAt) {
    static final String COLUMNS =
            "SELECT \"partition\", \"offset\", user_id, record, r.attempt AS redrive, r.redriven_at";

    static LetterRow read(ResultSet row) throws SQLException {
        OffsetDateTime redrivenAt = row.getObject(6, OffsetDateTime.class);
        try {
            return new LetterRow(
                    new LetterId(row.getInt(1), row.getLong(2)),
                    DeadLetterCodec.decode(row.getBytes(4)),
                    row.getString(3),
                    row.getInt(5),
                    redrivenAt == null ? null : redrivenAt.toInstant());
        } catch (DecodeException e) {
            throw new SQLException("a row of dead_letters holds no letter of this release: " + e.getMessage(), e);
        }
    }
}
