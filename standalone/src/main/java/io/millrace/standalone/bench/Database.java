package io.millrace.standalone.bench;

import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.standalone.embedded.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The store of a benchmark, durable as any (fsync on). Used by one thread; whoever starts it closes it. */
final class Database implements AutoCloseable {
    private static final String PASSWORD = "bench";

    private final EmbeddedPostgres postgres;

    private Database(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static Database start(Path folder) throws BenchFailedException {
        try {
            return new Database(EmbeddedPostgres.start(folder, 0, PASSWORD));
        } catch (StartFailedException e) {
            throw new BenchFailedException(String.valueOf(e.getMessage()));
        }
    }

    /** Of a processor that writes to it. */
    Map<String, String> settings(String group) {
        return Map.of(
                "MILLRACE_POSTGRES_URL",
                postgres.jdbcUrl(),
                "MILLRACE_POSTGRES_USER",
                postgres.user(),
                "MILLRACE_POSTGRES_PASSWORD",
                postgres.password(),
                "MILLRACE_STORE_GROUP",
                group);
    }

    Connection connect() throws SQLException {
        return postgres.connect();
    }

    /** Rows of predictions that were ever written, as the server's statistics have it within a second. */
    long inserted() throws BenchFailedException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(sum(n_tup_ins), 0) FROM pg_stat_user_tables"
                        + " WHERE relname LIKE 'predictions%'")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Takes all predictions away, if their table is there. */
    void empty() throws BenchFailedException {
        execute("DO $$ BEGIN IF to_regclass('predictions') IS NOT NULL THEN TRUNCATE predictions; END IF; END $$");
        execute("CHECKPOINT");
    }

    void execute(String sql) throws BenchFailedException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    static BenchFailedException failed(SQLException e) {
        return new BenchFailedException("the database says: " + e.getMessage());
    }

    /** Of the server and all its sessions. */
    Running running() throws BenchFailedException {
        try {
            return new Running(List.of(
                    postgres.process().orElseThrow(() -> new BenchFailedException("the database does not run"))));
        } catch (IOException e) {
            throw new BenchFailedException("the database cannot be found: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
