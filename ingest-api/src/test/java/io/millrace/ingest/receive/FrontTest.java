package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.authorize.Role;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stands in the head of every answer, whatever the operation. */
class FrontTest {
    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of(
                "ingest.http.cors-origins", "https://shop.example,http://localhost:3000",
                "ingest.rate.events", "10",
                "ingest.rate.burst", "60s"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void tellsBrowsersToBeCareful() throws Exception {
        for (String path : new String[] {"/healthz", "/openapi.yaml", "/nowhere", "/v1/predictions"}) {
            assertThat(ask("GET", path, ""))
                    .as(path)
                    .contains("x-content-type-options: nosniff")
                    .contains("referrer-policy: no-referrer")
                    .contains("frame-ancestors 'none'")
                    .contains("cache-control: no-store")
                    .doesNotContain("strict-transport-security");
        }
    }

    @Test
    void letsKnownOriginsIn_andNobodyElse() throws Exception {
        String known = ask("GET", "/healthz", "Origin: https://shop.example\r\n");
        assertThat(known)
                .contains("access-control-allow-origin: https://shop.example\r\n")
                .contains("vary: origin")
                .contains("access-control-expose-headers: retry-after, x-ratelimit-limit");
        for (String origin : new String[] {
            "https://shop.example.evil",
            "http://shop.example",
            "null",
            "https://shop.example:8443",
            "https://SHOP.example"
        }) {
            assertThat(ask("GET", "/healthz", "Origin: " + origin + "\r\n"))
                    .as(origin)
                    .startsWith("HTTP/1.1 200")
                    .contains("vary: origin")
                    .doesNotContain("access-control");
        }
    }

    @Test
    void answersPreflights_ofKnownOriginsAndPathsAlone() throws Exception {
        String asks = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n";

        assertThat(ask("OPTIONS", "/v1/events", "Origin: http://localhost:3000\r\n" + asks))
                .startsWith("HTTP/1.1 204")
                .contains("access-control-allow-origin: http://localhost:3000")
                .contains("access-control-allow-methods: POST\r\n")
                .contains("authorization, content-type")
                .contains("access-control-max-age: 7200");
        assertThat(ask("OPTIONS", "/v1/events", "Origin: https://evil.example\r\n" + asks))
                .startsWith("HTTP/1.1 405")
                .doesNotContain("access-control");
        assertThat(ask("OPTIONS", "/nowhere", "Origin: http://localhost:3000\r\n" + asks))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void answersHead_asGetWithoutTheBody() throws Exception {
        for (String path :
                new String[] {"/healthz", "/readyz", "/", "/docs", "/docs/swagger-ui-bundle.js", "/openapi.yaml"}) {
            String get = ask("GET", path, "");
            String head = ask("HEAD", path, "");

            assertThat(head).as(path).endsWith("\r\n\r\n");
            assertThat(lasting(path, head))
                    .as(path)
                    .isEqualTo(lasting(path, get.substring(0, get.indexOf("\r\n\r\n") + 4)));
        }
        assertThat(ask("HEAD", "/v1/predictions", ""))
                .startsWith("HTTP/1.1 401")
                .endsWith("\r\n\r\n");
        assertThat(ask("HEAD", "/nowhere", "")).startsWith("HTTP/1.1 404").endsWith("\r\n\r\n");
        assertThat(ask("HEAD", "/v1/events", "")).startsWith("HTTP/1.1 405").contains("allow: POST\r\n");
        assertThat(ask("DELETE", "/healthz", ""))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("allow: GET, HEAD\r\n");
    }

    @Test
    void refuses_whenThereAreTwoCredentials() throws Exception {
        String analyst = "Authorization: " + door.bearer(Role.ANALYST) + "\r\n";
        String operator = "authorization: " + door.bearer(Role.OPERATOR) + "\r\n";

        assertThat(ask("GET", "/metrics", operator)).startsWith("HTTP/1.1 200");
        assertThat(ask("GET", "/metrics", operator + analyst))
                .startsWith("HTTP/1.1 400")
                .contains("the Authorization header: given 2 times, expected once");
    }

    @Test
    void takesASemicolon_asPartOfAParameter() throws Exception {
        String analyst = "Authorization: " + door.bearer(Role.ANALYST) + "\r\n";

        assertThat(ask("GET", "/v1/predictions?userId=a;limit=2000000", analyst))
                .doesNotStartWith("HTTP/1.1 400");
        assertThat(ask("GET", "/v1/predictions?limit=1;source=x", analyst))
                .startsWith("HTTP/1.1 400")
                .contains("limit: given \\\"1;source=x");
    }

    /** What two requests have in common: what is not ready, and why, changes between them. */
    private static String lasting(String path, String head) {
        String untraced = head.replaceAll("traceparent: .*\r\n", "");
        return path.equals("/readyz") ? untraced.replaceAll("content-length: \\d+", "content-length: n") : untraced;
    }

    @Test
    void saysWhyACredentialIsNotTaken() throws Exception {
        assertThat(ask("GET", "/v1/predictions", ""))
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("www-authenticate: Bearer realm=\"millrace\"\r\n")
                .containsIgnoringCase("www-authenticate: Basic realm=\"millrace\", charset=\"UTF-8\"");
        assertThat(ask("GET", "/v1/predictions", "Authorization: Bearer a.b.c\r\n"))
                .startsWith("HTTP/1.1 401")
                .contains("error=\"invalid_token\", error_description=\"the bearer is neither");
        assertThat(ask("GET", "/v1/sources", "Authorization: " + door.bearer(Role.ANALYST) + "\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("sources:read");
    }

    @Test
    void limitsASource_byItsEvents() throws Exception {
        String batch = "[" + "{\"userId\":\"u\",\"name\":\"x\"},".repeat(999) + "{\"userId\":\"u\",\"name\":\"x\"}]";

        String first = post(batch);
        String second = post("{\"userId\":\"u\",\"name\":\"x\"}");

        // Nobody is behind this door; the events were charged all the same.
        assertThat(first)
                .startsWith("HTTP/1.1 503")
                .contains("x-ratelimit-limit: 600\r\n")
                .contains("x-ratelimit-remaining: 0\r\n")
                .contains("x-ratelimit-reset: ");
        assertThat(second)
                .startsWith("HTTP/1.1 429")
                .contains("rate_limited")
                .containsPattern("(?i)retry-after: [0-9]+\r\n")
                .contains("x-ratelimit-remaining: 0\r\n");
    }

    private static String post(String body) throws Exception {
        return door.exchange(
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + OpenDoor.BASIC
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String ask(String method, String path, String headers) throws Exception {
        return door.exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    }
}
