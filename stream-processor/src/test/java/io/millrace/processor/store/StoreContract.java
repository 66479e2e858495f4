package io.millrace.processor.store;

import io.millrace.config.PostgresLogin;
import io.millrace.processor.store.StoredOffsets.Advance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A PostgreSQL with an empty, migrated database for each test, whichever way it is run. */
abstract class StoreContract {
    static final TopicPartition FIRST = new TopicPartition("predictions", 0);
    static final TopicPartition SECOND = new TopicPartition("predictions", 1);
    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    static final Duration RETENTION = Duration.ofDays(30);

    final StoredOffsets offsets = new StoredOffsets("test");
    DailyPartitions partitions = new DailyPartitions(Clock.systemUTC(), RETENTION);
    PredictionRows rows = new PredictionRows(offsets, partitions);
    PostgresLogin login = new PostgresLogin("", "", "");
    List<Connection> connections = new ArrayList<>();

    /** An empty database. */
    abstract PostgresLogin newDatabase() throws SQLException;

    @BeforeEach
    void migrate() throws SQLException {
        login = newDatabase();
        StoreSchema.migrate(login);
        connections = new ArrayList<>();
        partitions = new DailyPartitions(Clock.systemUTC(), RETENTION);
        rows = new PredictionRows(offsets, partitions);
        offsets.begin(connect(), Map.of(FIRST, 0L, SECOND, 0L), Map.of());
    }

    @AfterEach
    void disconnect() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    Connection connect() throws SQLException {
        Connection connection = StoreConnection.open(login, Duration.ofSeconds(20));
        connections.add(connection);
        return connection;
    }

    static Map<TopicPartition, Advance> step(long from, long to) {
        return Map.of(FIRST, new Advance(from, to));
    }

    long count(String condition) throws SQLException {
        try (Connection connection = StoreConnection.open(login, Duration.ofSeconds(20));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM predictions WHERE " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        connection.commit();
    }
}
