package io.millrace.standalone.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.data.Credentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** A user is erased, is found nowhere, does not come back with a rebuilt store, and begins afresh. */
final class Erased {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "gone";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Path data;
    private final Credentials known;

    Erased(Path folder, Path data, Credentials known) {
        this.folder = folder;
        this.data = data;
        this.known = known;
    }

    void isFoundNowhere_andBeginsAfresh() throws Exception {
        post("g0", "\"kind\":\"identify\",\"traits\":{\"plan\":\"member\"}");
        post("g1", "\"name\":\"product_viewed\",\"properties\":{\"price\":5}");
        await(() -> rows("user_id = 'gone'") == 1);
        assertThat(user().at("/profile/traits/plan").asText()).isEqualTo("member");

        ChildMillrace erase = ChildMillrace.start(
                folder.resolve("erase.out"), "users", "erase", source(), USER, "--data", data.toString());
        assertThat(erase.exitCode()).as(erase.output()).isZero();
        assertThat(erase.output()).contains("is erased");
        assertThat(get("/v1/users/gone?source=" + source()).statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(get("/v1/predictions?userId=gone").body()).path("predictions"))
                .isEmpty();
        assertThat(rows("user_id = 'gone'")).isZero();

        post("g2", "\"name\":\"product_viewed\",\"properties\":{\"price\":7}");
        await(() -> rows("user_id = 'gone'") == 1);
        assertThat(user().has("profile")).isFalse();
        long all = rows("true");
        ChildMillrace rebuild = ChildMillrace.start(
                folder.resolve("rebuild.out"), "topics", "rebuild-store", "--data", data.toString());
        assertThat(rebuild.exitCode()).as(rebuild.output()).isZero();
        assertThat(rebuild.output()).contains("0 rows were missing", "of erased users");
        assertThat(rows("true")).isEqualTo(all);
        assertThat(rows("event_id = 'g1'")).isZero();
    }

    /** The only source there is. */
    private String source() throws Exception {
        return JSON.readTree(get("/v1/users/u1").body()).path("source").asText();
    }

    private JsonNode user() throws Exception {
        HttpResponse<String> answer = get("/v1/users/gone?source=" + source());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(known.url() + path))
                        .header("authorization", "Bearer " + known.tokens().operator())
                        .build(),
                BodyHandlers.ofString());
    }

    private void post(String id, String rest) throws Exception {
        String basic = Base64.getEncoder().encodeToString((known.writeKey() + ":").getBytes(UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(known.url() + "/v1/events"))
                .header("authorization", "Basic " + basic)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\":\"" + id + "\",\"userId\":\"gone\"," + rest + "}"))
                .build();
        await(() -> client.send(request, BodyHandlers.ofString()).statusCode() == 202);
    }

    private long rows(String where) throws Exception {
        URI uri = URI.create(known.postgres());
        String[] login = uri.getUserInfo().split(":", 2);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(),
                        login[0],
                        login[1]);
                PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*) FROM predictions WHERE " + where);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
