package io.millrace.processor.store;

import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.StoredOffsets.Advance;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGConnection;

/**
 * Writes predictions and the offsets they came from in one transaction. Writing the same rows again changes nothing.
 * Belongs to one thread; owns no connection. A connection it is given must be PostgreSQL's own and not commit by itself.
 *
 * <p>Rows go in by COPY, which costs PostgreSQL a third less than an insert of arrays (docs/benchmarks.md). It cannot pass
 * over rows that are there; but the offsets see to it that this is rare, and then the batch goes in once more through a
 * table beside it, with ON CONFLICT DO NOTHING.
 */
final class PredictionRows {
    /** PostgreSQL: unique_violation. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String COPY = "COPY predictions (" + BinaryRows.COLUMNS + ") FROM STDIN (FORMAT binary)";
    private static final String CREATE_INCOMING =
            "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE predictions INCLUDING DEFAULTS) ON COMMIT DELETE ROWS";
    private static final String COPY_INCOMING = "COPY incoming (" + BinaryRows.COLUMNS + ") FROM STDIN (FORMAT binary)";
    private static final String INSERT_INCOMING = "INSERT INTO predictions (" + BinaryRows.COLUMNS + ") SELECT "
            + BinaryRows.COLUMNS + " FROM incoming ON CONFLICT DO NOTHING";

    private final StoredOffsets offsets;
    private final DailyPartitions partitions;
    private long erased;

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
            return inTransaction(connection, rows, advances, PredictionRows::copy);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            return inTransaction(connection, rows, advances, PredictionRows::copyWhatIsNew);
        }
    }

    /** How many rows were left out, because their users were erased. */
    long erased() {
        return erased;
    }

    /** A way to put rows into the table; tells how many were new. */
    private interface Way {
        int put(Connection connection, List<StoredPrediction> rows) throws SQLException;
    }

    private int inTransaction(
            Connection connection, List<StoredPrediction> rows, Map<TopicPartition, Advance> advances, Way way)
            throws SQLException, FencedException {
        try {
            Set<LocalDate> days = new HashSet<>();
            rows.forEach(row -> days.add(DailyPartitions.day(row.prediction().receivedAt())));
            partitions.ensure(connection, days);
            // The offsets first: a writer that is fenced finds out before it sends its rows.
            offsets.advance(connection, advances);
            List<StoredPrediction> kept = Erasures.without(connection, rows);
            int added = kept.isEmpty() ? 0 : way.put(connection, kept);
            connection.commit();
            erased += rows.size() - kept.size();
            return added;
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

    private static int copy(Connection connection, List<StoredPrediction> rows) throws SQLException {
        return copy(connection, COPY, rows);
    }

    private static int copyWhatIsNew(Connection connection, List<StoredPrediction> rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE_INCOMING);
            copy(connection, COPY_INCOMING, rows);
            return statement.executeUpdate(INSERT_INCOMING);
        }
    }

    private static int copy(Connection connection, String sql, List<StoredPrediction> rows) throws SQLException {
        try {
            return Math.toIntExact(
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new BinaryRows(rows)));
        } catch (IOException e) {
            throw new SQLException("the rows could not be read from memory", e);
        }
    }
}
