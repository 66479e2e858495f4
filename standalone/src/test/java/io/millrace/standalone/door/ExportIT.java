package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.PostgresLogin;
import io.millrace.ingest.authorize.Role;
import io.millrace.processor.store.StoreSchema;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole results as a client sees them, to their end or not. */
class ExportIT {
    /** More than sockets and clients hold. */
    private static final int ROWS = 40_000;

    private static EmbeddedPostgres postgres;
    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) throws SQLException {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0, "secret");
        StoreSchema.migrate(new PostgresLogin(postgres.jdbcUrl(), postgres.user(), postgres.password()));
        execute("CREATE TABLE a_day PARTITION OF predictions FOR VALUES FROM ('2026-03-01') TO ('2026-03-02')");
        execute("INSERT INTO predictions SELECT timestamptz '2026-03-01 00:00+00' + i * interval '1 s',"
                + " gen_random_uuid(), '=event-' || i, 'shop', repeat('u', 200), NULL, 'churn', '1.0.0',"
                + " repeat('0', 64), 'champion', 0.25, 'no', 0.5, '{}', NULL, now(), now(), NULL"
                + " FROM generate_series(1, " + ROWS + ") AS i");
        stage = new DoorStage(
                folder,
                Map.of(
                        "postgres.url", postgres.jdbcUrl(),
                        "postgres.user", postgres.user(),
                        "postgres.password", postgres.password()));
    }

    @AfterAll
    static void close() {
        stage.close();
        postgres.close();
    }

    @Test
    void answersInTheFormatThatWasAskedFor() {
        HttpResponse<String> csv = get("text/csv", "?limit=2");
        assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8; header=present");
        assertThat(csv.body().split("\r\n", -1)).hasSize(4);
        assertThat(csv.body()).startsWith("id,eventId,source").contains(",'=event-" + ROWS + ",shop,");

        HttpResponse<String> lines = get("application/x-ndjson", "?limit=2&label=no");
        assertThat(lines.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        assertThat(lines.body().lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));

        assertThat(get("*/*", "?limit=2&format=ndjson").body())
                .isEqualTo(get("application/x-ndjson", "?limit=2").body());
        assertThat(get("application/json", "?limit=2").body()).startsWith("{\"predictions\":[");
        assertThat(get("image/png", "").statusCode()).isEqualTo(406);
        assertThat(get("application/json", "?limit=1001").statusCode()).isEqualTo(400);
        assertThat(get("text/csv", "?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void comesWhole_orIsSeenNotToBe() throws Exception {
        assertThat(count(open())).isEqualTo(ROWS + 1);

        InputStream broken = open();
        assertThat(broken.read()).isEqualTo('i');
        execute("ALTER TABLE predictions RENAME TO elsewhere");
        try {
            assertThatThrownBy(() -> count(broken)).isInstanceOf(IOException.class);
        } finally {
            execute("ALTER TABLE elsewhere RENAME TO predictions");
        }
        DoorStage.until(() -> stage.metric("millrace_ingest_exports") == 0);
    }

    @Test
    void givesBackItsPlace_whenTheClientGoes() throws Exception {
        InputStream left = open();
        assertThat(left.read()).isEqualTo('i');
        assertThat(stage.metric("millrace_ingest_exports")).isEqualTo(1);

        left.close();

        DoorStage.until(() -> stage.metric("millrace_ingest_exports") == 0);
    }

    private static InputStream open() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                stage.client.send(request("text/csv", "").build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static long count(InputStream body) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            long count = 0;
            while (lines.readLine() != null) {
                count++;
            }
            return count;
        }
    }

    private static HttpResponse<String> get(String accept, String query) {
        return stage.send(request(accept, query).build());
    }

    private static HttpRequest.Builder request(String accept, String query) {
        return HttpRequest.newBuilder(stage.uri("/v1/predictions" + query))
                .header("Accept", accept)
                .header("Authorization", stage.bearer(Role.ANALYST));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
