package io.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final String PASSWORD = "a password";

    @Test
    void committedRowsAreThere_whenKilledOrStoppedAndStartedAgain(@TempDir Path folder) throws Exception {
        int port;
        EmbeddedPostgres killed = EmbeddedPostgres.start(folder, 0, PASSWORD);
        port = killed.port();
        execute(killed, "CREATE TABLE kept (name text)", "INSERT INTO kept VALUES ('before the kill')");
        killed.kill();

        try (EmbeddedPostgres recovered = EmbeddedPostgres.start(folder, port, PASSWORD)) {
            assertThat(recovered.port()).isEqualTo(port);
            assertThat(text(recovered, "SELECT name FROM kept")).isEqualTo("before the kill");
        }
        try (EmbeddedPostgres restarted = EmbeddedPostgres.start(folder, port, PASSWORD)) {
            assertThat(text(restarted, "SELECT count(*)::text FROM kept")).isEqualTo("1");
            assertThat(text(
                            restarted,
                            "SELECT current_setting('fsync') || current_setting('synchronous_commit')"
                                    + " || current_setting('full_page_writes')"))
                    .isEqualTo("ononon");
        }
        assertThat(folder.resolve("cluster/postmaster.pid")).doesNotExist();
    }

    @Test
    void replacesTheServer_whenAnEarlierProcessLeftItRunning(@TempDir Path folder) throws Exception {
        EmbeddedPostgres left = EmbeddedPostgres.start(folder, 0, PASSWORD);
        execute(left, "CREATE TABLE kept (name text)", "INSERT INTO kept VALUES ('x')");

        try (Connection open = left.connect();
                EmbeddedPostgres next = EmbeddedPostgres.start(folder, left.port(), PASSWORD)) {
            assertThat(text(next, "SELECT name FROM kept")).isEqualTo("x");
            assertThat(open.isValid(5)).isFalse();
        }
    }

    @Test
    void refusesAStranger_whenThePasswordIsWrong(@TempDir Path folder) {
        EmbeddedPostgres.start(folder, 0, PASSWORD).close();

        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 0, "another"))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("initialised with another password");
        assertThat(folder.resolve("cluster/postmaster.pid")).doesNotExist();
    }

    @Test
    void refusesTheData_whenItIsOfAnotherMajorVersion(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("cluster"));
        Files.writeString(folder.resolve("cluster/PG_VERSION"), "9\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 0, PASSWORD))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("is of PostgreSQL 9, this Millrace brings PostgreSQL 18");
    }

    private static void execute(EmbeddedPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String text(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
