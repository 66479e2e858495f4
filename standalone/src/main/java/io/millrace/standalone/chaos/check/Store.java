package io.millrace.standalone.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the store's predictions, all of them, a thousand at a time. */
final class Store {
    private static final String SELECT = "SELECT id, event_id, source, user_id, anonymous_id, model, version, sha256,"
            + " role, score, label, threshold, features, sequence, event_time, received_at, scored_at FROM predictions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Store() {}

    static void read(String url, String user, String password, History history) throws SQLException, IOException {
        history.forgetRows();
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // A cursor: the rows are more than memory.
                statement.setFetchSize(1_000);
                try (ResultSet rows = statement.executeQuery(SELECT)) {
                    while (rows.next()) {
                        String event = String.valueOf(rows.getString("event_id"));
                        history.stored(new History.Row(rows.getObject("id", UUID.class), event, fingerprint(rows)));
                    }
                }
            }
        }
    }

    private static long fingerprint(ResultSet row) throws SQLException, IOException {
        Fingerprint print = new Fingerprint();
        for (String column :
                List.of("event_id", "source", "user_id", "anonymous_id", "model", "version", "sha256", "role")) {
            print.add(row.getString(column));
        }
        return print.addFloat(row.getFloat("score"))
                .add(row.getString("label"))
                .addFloat(row.getFloat("threshold"))
                .add(json(row.getString("features")))
                .add(json(row.getString("sequence")))
                .add(millis(row, "event_time"))
                .add(millis(row, "received_at"))
                .add(millis(row, "scored_at"))
                .value();
    }

    private static @Nullable JsonNode json(@Nullable String text) throws IOException {
        return text == null ? null : JSON.readTree(text);
    }

    private static long millis(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli();
    }
}
