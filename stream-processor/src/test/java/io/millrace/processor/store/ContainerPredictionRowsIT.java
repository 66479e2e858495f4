package io.millrace.processor.store;

import io.millrace.config.PostgresLogin;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The oldest PostgreSQL that is supported. */
@Tag("docker")
class ContainerPredictionRowsIT extends PredictionRowsContract {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:14-alpine");

    @BeforeAll
    static void start() {
        POSTGRES.start();
    }

    @AfterAll
    static void stop() {
        POSTGRES.stop();
    }

    @Override
    PostgresLogin newDatabase() throws SQLException {
        String name = "store" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(
                        POSTGRES.getJdbcUrl(), POSTGRES.getUsername(), POSTGRES.getPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return new PostgresLogin(
                "jdbc:postgresql://" + POSTGRES.getHost() + ":" + POSTGRES.getMappedPort(5432) + "/" + name,
                POSTGRES.getUsername(),
                POSTGRES.getPassword());
    }
}
