package io.millrace.processor.store;

import io.millrace.config.PostgresLogin;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/** Opens the writer's one connection. No pool: one thread uses it, and after a failure it is thrown away. */
final class StoreConnection {
    private StoreConnection() {}

    /**
     * Connects.
     *
     * @param timeout how long a statement may take; twice as long, the connection is given up unanswered
     * @return a connection that does not commit by itself; the caller closes it
     */
    static Connection open(PostgresLogin postgres, Duration timeout) throws SQLException {
        Properties properties = new Properties();
        if (!postgres.user().isEmpty()) {
            properties.setProperty("user", postgres.user());
            properties.setProperty("password", postgres.password());
        }
        properties.setProperty("ApplicationName", "millrace-store");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        // A database that is stopped and not dead answers nothing: without this a write would wait for ever.
        properties.setProperty("socketTimeout", Long.toString(Math.max(1, timeout.toSeconds() * 2)));
        properties.setProperty("tcpKeepAlive", "true");
        Connection connection = DriverManager.getConnection(postgres.url(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + timeout.toMillis());
            // Should we die within a transaction unnoticed, its locks must not hold up our successor for ever.
            statement.execute("SET idle_in_transaction_session_timeout = " + timeout.toMillis());
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
