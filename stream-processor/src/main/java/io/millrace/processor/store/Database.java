package io.millrace.processor.store;

import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.StoredOffsets.Advance;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's side of the database: one connection, opened when needed and thrown away after a failure, with migrations
 * before its first use and the partitions kept in order. Belongs to one thread, which closes it.
 */
final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final Duration BETWEEN_MAINTENANCE = Duration.ofHours(1);
    /** PostgreSQL: lock_not_available. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final StoreConfig config;
    private final Clock clock;
    private final DailyPartitions partitions;
    private final StoredOffsets offsets;
    private final PredictionRows rows;
    private @Nullable Connection connection;
    private boolean migrated;
    private Instant nextMaintenance = Instant.MIN;

    Database(StoreConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        partitions = new DailyPartitions(clock, config.retention());
        offsets = new StoredOffsets(config.group());
        rows = new PredictionRows(offsets, partitions);
    }

    DailyPartitions partitions() {
        return partitions;
    }

    /**
     * Connects, migrates and puts the partitions in order, as far as each is due.
     *
     * @throws StoreSchemaException if the tables cannot be made what they must be
     */
    void makeReady() throws SQLException {
        Connection open = connection();
        Instant now = clock.instant();
        if (!now.isBefore(nextMaintenance)) {
            maintain(open);
            nextMaintenance = now.plus(BETWEEN_MAINTENANCE);
        }
    }

    /**
     * Where the partitions stand; those that were never stored are noted at the given beginnings, and so
     * are those of a topic that was made anew.
     *
     * @param ids of the topics
     */
    Map<TopicPartition, Long> positions(
            Collection<TopicPartition> of, Map<TopicPartition, Long> beginnings, Map<String, String> ids)
            throws SQLException {
        Connection open = connection();
        offsets.begin(open, beginnings, ids);
        return offsets.load(open, of);
    }

    /** Where the partitions stand that were stored before. */
    Map<TopicPartition, Long> known(Collection<TopicPartition> of) throws SQLException {
        return offsets.load(connection(), of);
    }

    /** As if nothing had ever been stored. */
    void forgetOffsets() throws SQLException {
        offsets.forget(connection());
    }

    /** How many rows were left out, because their users were erased. */
    long erased() {
        return rows.erased();
    }

    /** Writes counts of model quality. */
    void quality(Collection<QualityRows.Row> counts) throws SQLException {
        QualityRows.write(connection(), counts);
    }

    /** Stores the rows and advances the offsets; returns how many rows were new. */
    int write(List<StoredPrediction> predictions, Map<TopicPartition, Advance> advances)
            throws SQLException, FencedException {
        return rows.write(connection(), predictions, advances);
    }

    /** Throws the connection away; what was not committed is undone. */
    @Override
    public void close() {
        Connection old = connection;
        connection = null;
        partitions.forget();
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("A broken connection did not close cleanly");
            }
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = StoreConnection.open(config.postgres(), config.timeout());
            connection = open;
            if (!migrated) {
                StoreSchema.migrate(config.postgres());
                migrated = true;
            }
        }
        return open;
    }

    private void maintain(Connection open) throws SQLException {
        partitions.readClocks(open);
        LocalDate today = partitions.today();
        // Tomorrow's too, so that midnight costs nothing.
        partitions.ensure(open, List.of(today, today.plusDays(1)));
        try {
            List<LocalDate> dropped = partitions.dropExpired(open);
            if (!dropped.isEmpty()) {
                log.atInfo()
                        .addKeyValue("days", dropped)
                        .addKeyValue("retention", config.retention())
                        .log("Dropped the predictions of days past the retention");
            }
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            open.rollback();
            log.atWarn().log("A reader holds a day past the retention; it is dropped at the next maintenance");
        }
    }
}
