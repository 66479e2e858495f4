package io.millrace.standalone.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PostgresLogin;
import io.millrace.processor.store.StoreSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What Millrace needs of a database: its schema applies, twice too, and a float32 reads back bit for bit. */
interface PostgresContract {
    PostgresLogin login();

    @Test
    default void takesTheSchemaOnce_whenMigratedTwice() throws SQLException {
        StoreSchema.migrate(login());
        StoreSchema.migrate(login());

        assertThat(text("SELECT count(*) FROM pg_partitioned_table WHERE partrelid = 'predictions'::regclass"))
                .isEqualTo("1");
        assertThat(text("SELECT count(*) FROM consumer_offsets")).isEqualTo("0");
    }

    @Test
    default void keepsTextAndNumbersAsTheyAre() throws SQLException {
        assertThat(text("SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(text("SELECT ('1.1754942E-38'::real)::text::real = '1.1754942E-38'::real"))
                .isEqualTo("t");
        assertThat(text("SELECT '{\"a\": 1.50}'::json::text")).isEqualTo("{\"a\": 1.50}");
    }

    private String text(String query) throws SQLException {
        PostgresLogin login = login();
        try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}
