package io.millrace.processor.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table's partitions, one a day of receipt (UTC): made before the first row of a day, dropped when older than the
 * retention. Only days in a bounded window get one, so that a wild time of receipt cannot litter the database with
 * tables. Belongs to one thread; owns no connection.
 */
final class DailyPartitions {
    /** How many days after today still get a partition: the clocks of the doors need not agree with ours. */
    static final int DAYS_AHEAD = 7;

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'predictions_'yyyyMMdd");
    /** Any number that nobody else takes; writers that make or drop partitions wait for one another. */
    private static final long ADVISORY_LOCK = 0x6d696c6c72616365L;

    /** Where a time of receipt stands to the days that are kept. */
    enum Standing {
        KEPT,
        /** Older than the retention: it would be dropped as soon as written. */
        EXPIRED,
        /** More than {@link #DAYS_AHEAD} days ahead of us: some clock is wrong. */
        AHEAD
    }

    private final Clock clock;
    private final Duration retention;
    private final Set<LocalDate> ready = new HashSet<>();
    private LocalDate today;

    DailyPartitions(Clock clock, Duration retention) {
        this.clock = clock;
        this.retention = retention;
        today = day(clock.instant());
    }

    static LocalDate day(Instant receivedAt) {
        return LocalDate.ofInstant(receivedAt, ZoneOffset.UTC);
    }

    Standing standing(Instant receivedAt) {
        LocalDate day = day(receivedAt);
        if (day.isBefore(oldestKept())) {
            return Standing.EXPIRED;
        }
        return day.isAfter(today.plusDays(DAYS_AHEAD)) ? Standing.AHEAD : Standing.KEPT;
    }

    private LocalDate oldestKept() {
        return today.minusDays(retention.toDays());
    }

    /**
     * Takes the date from the earlier one of two clocks, ours and the database's: a clock that has run ahead must not
     * drop what is young.
     */
    void readClocks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT extract(epoch FROM now())::bigint")) {
            row.next();
            Instant theirs = Instant.ofEpochSecond(row.getLong(1));
            Instant ours = clock.instant();
            today = day(ours.isBefore(theirs) ? ours : theirs);
        }
        connection.commit();
    }

    /** Forgets which partitions are there; after a failure the database is asked again. */
    void forget() {
        ready.clear();
    }

    /** Makes the partitions of these days, which must be {@link Standing#KEPT}, where they are missing. */
    void ensure(Connection connection, Collection<LocalDate> days) throws SQLException {
        Set<LocalDate> missing = new TreeSet<>(days);
        missing.removeAll(ready);
        if (missing.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            // A reader's lock must not hold us up behind it, and all other readers behind us.
            statement.execute("SET LOCAL lock_timeout = '5s'");
            statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
            for (LocalDate day : missing) {
                String name = NAME.format(day);
                if (!exists(connection, name)) {
                    // Made apart and then attached: CREATE … PARTITION OF would lock out every reader of the table.
                    statement.execute(
                            "CREATE TABLE " + name + " (LIKE predictions INCLUDING DEFAULTS INCLUDING CONSTRAINTS)");
                    statement.execute("ALTER TABLE predictions ATTACH PARTITION " + name + " FOR VALUES FROM ('" + day
                            + " 00:00+00') TO ('" + day.plusDays(1) + " 00:00+00')");
                }
            }
        }
        connection.commit();
        ready.addAll(missing);
    }

    LocalDate today() {
        return today;
    }

    /**
     * Drops the days that are past the retention, each in its own transaction.
     *
     * @return the days dropped
     */
    List<LocalDate> dropExpired(Connection connection) throws SQLException {
        List<LocalDate> dropped = new ArrayList<>();
        for (LocalDate day : partitions(connection)) {
            if (day.isBefore(oldestKept())) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET LOCAL lock_timeout = '1s'");
                    statement.execute("DROP TABLE IF EXISTS " + NAME.format(day));
                }
                connection.commit();
                ready.remove(day);
                dropped.add(day);
            }
        }
        return dropped;
    }

    /** The days that have a partition, oldest first. */
    List<LocalDate> partitions(Connection connection) throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON"
                        + " c.oid = i.inhrelid WHERE i.inhparent = 'predictions'::regclass"
                        + " AND c.relname ~ '^predictions_[0-9]{8}$' ORDER BY 1")) {
            while (rows.next()) {
                days.add(LocalDate.parse(rows.getString(1), NAME));
            }
        }
        connection.commit();
        return days;
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
