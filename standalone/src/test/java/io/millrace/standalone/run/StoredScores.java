package io.millrace.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.cli.Millrace;
import io.millrace.standalone.data.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;

/** {@code millrace models verify} on what a running Millrace has stored. */
final class StoredScores {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredScores() {}

    /** Everything that is stored is what its model says; what somebody wrote into the database is found. */
    static void areVerified(Path data, Credentials credentials) throws Exception {
        JsonNode whole = verify(0, data, "--sample", "100000");
        int stored = whole.path("stored").asInt();
        assertThat(stored).isGreaterThan(20);
        assertThat(whole.path("equal").asInt() + whole.path("close").asInt()).isEqualTo(stored);
        assertThat(verify(0, data, "--sample", "5", "--seed", "7")
                        .path("sample")
                        .asInt())
                .isEqualTo(5);

        String id = "(SELECT id FROM predictions WHERE event_id = ?)";
        for (String tampering : List.of(
                "e1=score = 1 - score",
                // Sorts the features by their names, too.
                "e2=features = jsonb_set(features::jsonb, '{price}', '777')::json")) {
            String event = tampering.substring(0, tampering.indexOf('='));
            try (Connection connection = DriverManager.getConnection(jdbc(credentials));
                    PreparedStatement update = connection.prepareStatement("UPDATE predictions SET "
                            + tampering.substring(event.length() + 1) + " WHERE id = " + id)) {
                update.setString(1, event);
                assertThat(update.executeUpdate()).isEqualTo(1);
            }
        }
        JsonNode tampered = verify(1, data, "--sample", "100000");
        assertThat(tampered.path("differing").asInt()).isEqualTo(2);
        assertThat(tampered.findValuesAsText("eventId")).containsExactlyInAnyOrder("e1", "e2");
        assertThat(tampered.findValuesAsText("sentence")).allMatch(sentence -> sentence.startsWith("score: stored"));
    }

    private static JsonNode verify(int exitCode, Path data, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("models", "verify", "--json", "--data", data.toString()));
        command.addAll(List.of(options));
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Millrace.execute(command.toArray(new String[0]))).isEqualTo(exitCode);
        } finally {
            System.setOut(out);
        }
        String report = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{\"stored\""))
                .findFirst()
                .orElseThrow(() -> new AssertionError(printed));
        return JSON.readTree(report);
    }

    /** As the driver of Java takes what psql takes. */
    private static String jdbc(Credentials credentials) {
        URI uri = URI.create(credentials.postgres());
        String[] user = uri.getUserInfo().split(":", 2);
        return "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath() + "?user=" + user[0]
                + "&password=" + user[1];
    }
}
