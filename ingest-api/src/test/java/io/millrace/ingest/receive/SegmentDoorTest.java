package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.authorize.Role;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What SDKs of Segment see of the door when no broker is behind it: who has come through to it is told to come again, and
 * nobody else is.
 */
class SegmentDoorTest {
    private static final String BASIC = "Authorization: " + OpenDoor.BASIC + "\r\n";
    private static final String KEY = "\"writeKey\":\"" + OpenDoor.WRITE_KEY + "\"";
    private static final String TRACK = "{\"userId\":\"u\",\"event\":\"e\"}";
    private static final String TRACK_WITH_KEY = "{\"userId\":\"u\",\"event\":\"e\"," + KEY + "}";
    private static final String NOTHING = "{\"batch\":[]}";

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(
                Map.of("ingest.http.cors-origins", "https://shop.example", "ingest.http.body-deadline", "2s"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identify",
                "track",
                "page",
                "screen",
                "group",
                "alias",
                "i",
                "t",
                "p",
                "s",
                "g",
                "a",
            })
    void takesACall_withAndWithoutTheLastSlash(String path) throws Exception {
        assertComesAgain(post("/v1/" + path, BASIC, TRACK));
        assertComesAgain(post("/v1/" + path + "/", BASIC, TRACK));
        // What analytics-java makes of an endpoint that ends with a slash.
        assertComesAgain(post("//v1/" + path + "/", BASIC, TRACK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "import", "b"})
    void takesABatch_withAndWithoutTheLastSlash(String path) throws Exception {
        for (String slash : new String[] {"", "/"}) {
            assertComesAgain(post("/v1/" + path + slash, BASIC, "{\"batch\":[{\"type\":\"page\",\"userId\":\"u\"}]}"));
            assertSuccess(post("/v1/" + path + slash, BASIC, NOTHING));
        }
    }

    @Test
    void knowsNoOtherPaths() throws Exception {
        for (String path :
                new String[] {"/v1/tracks", "/v1/track//", "/v1/x", "/v1/i/x", "/v1/import/x", "/v1/events/"}) {
            assertThat(post(path, BASIC, TRACK)).as(path).startsWith("HTTP/1.1 404");
        }
        assertThat(ask("GET", "/v1/track", "")).startsWith("HTTP/1.1 405").containsIgnoringCase("allow: POST\r\n");
    }

    @Test
    void takesTheWriteKey_asUserNameOrBearerOrInTheBody() throws Exception {
        assertComesAgain(post("/v1/track", BASIC, TRACK));
        assertComesAgain(post("/v1/track", "Authorization: Bearer " + OpenDoor.WRITE_KEY + "\r\n", TRACK));
        assertComesAgain(post("/v1/track", "", TRACK_WITH_KEY));
        // Of somebody who logged in elsewhere, and of one who may post nothing here.
        assertComesAgain(post("/v1/track", "Authorization: Bearer opaque\r\n", TRACK_WITH_KEY));
        assertComesAgain(post("/v1/track", "Authorization: Bearer a.b.c\r\n", TRACK_WITH_KEY));
        assertComesAgain(post("/v1/track", "Authorization: " + door.bearer(Role.ANALYST) + "\r\n", TRACK_WITH_KEY));
        assertComesAgain(post("/v1/track", "Authorization: " + door.bearer(Role.PRODUCER) + "\r\n", TRACK));
        assertSuccess(post("/v1/import", "", "{\"batch\":[]," + KEY + "}"));
    }

    @Test
    void refusesWhoeverHasNoKey() throws Exception {
        assertThat(post("/v1/track", "", TRACK)).startsWith("HTTP/1.1 401").contains("unauthenticated");
        assertThat(post("/v1/batch", "", NOTHING)).startsWith("HTTP/1.1 401");
        assertThat(post("/v1/track", "", "{\"userId\":\"u\",\"event\":\"e\",\"writeKey\":7}"))
                .startsWith("HTTP/1.1 401");
        assertThat(post("/v1/track", "Authorization: " + door.bearer(Role.ANALYST) + "\r\n", TRACK))
                .startsWith("HTTP/1.1 403");
        assertThat(post("/v1/track", BASIC + BASIC, TRACK)).startsWith("HTTP/1.1 400");
        assertThat(post("/v1/track", "", "{\"userId\""))
                .startsWith("HTTP/1.1 400")
                .contains("bad_request");
    }

    /** Nobody has read the keys that operators made: whether it is one of them, nobody knows. */
    @Test
    void neverSaysThatAKeyIsUnknown_whileItMayBeKnown() throws Exception {
        String other = Base64.getEncoder().encodeToString("wk_other:".getBytes(StandardCharsets.UTF_8));

        assertComesAgain(post("/v1/track", "", "{\"userId\":\"u\",\"event\":\"e\",\"writeKey\":\"wk_other\"}"));
        assertComesAgain(post("/v1/track", "Authorization: Basic " + other + "\r\n", TRACK_WITH_KEY));
        assertComesAgain(post("/v1/track", "Authorization: Bearer opaque\r\n", TRACK));
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-8",
        "application/octet-stream",
        "''"
    })
    void readsJson_whateverItIsCalled(String type) throws Exception {
        assertSuccess(send("POST", "/v1/b", BASIC + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n"), NOTHING));
    }

    @Test
    void unpacksGzip_andNothingElse() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(NOTHING.getBytes(StandardCharsets.UTF_8));
        }
        String body = packed.toString(StandardCharsets.ISO_8859_1);

        assertSuccess(send(
                "POST",
                "/v1/batch",
                BASIC + "Content-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                body));
        assertThat(send("POST", "/v1/batch", BASIC + "Content-Encoding: br\r\n", body))
                .startsWith("HTTP/1.1 415");
        assertThat(send("POST", "/v1/batch", BASIC + "Content-Encoding: gzip\r\n", NOTHING))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void holdsTheLimit_againstUnpackedBytes() throws Exception {
        String fits = "{\"batch\":[],\"x\":\"" + "x".repeat(510 * 1024) + "\"}";
        String large = "{\"batch\":[],\"x\":\"" + "x".repeat(600 * 1024) + "\"}";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(large.getBytes(StandardCharsets.UTF_8));
        }

        assertSuccess(post("/v1/batch", BASIC, fits));
        assertThat(post("/v1/batch", BASIC, large)).startsWith("HTTP/1.1 413");
        assertThat(send(
                        "POST",
                        "/v1/batch",
                        BASIC + "Content-Encoding: gzip\r\n",
                        packed.toString(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void tellsWhoIsTooSlow_toComeAgain() throws Exception {
        String answer = door.exchange("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");

        assertComesAgain(answer);
    }

    @Test
    void letsPagesOfAnyOriginPost_andReadNothingElse() throws Exception {
        String origin = "Origin: https://any.example\r\n";
        String asks = origin + "Access-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization,content-type,anonymousid\r\n";

        for (String path : new String[] {"/v1/track", "/v1/t", "/v1/t/", "/v1/batch/", "/v1/import"}) {
            assertThat(ask("OPTIONS", path, asks).toLowerCase(Locale.ROOT))
                    .as(path)
                    .startsWith("http/1.1 204")
                    .contains("access-control-allow-origin: *\r\n")
                    .contains("access-control-allow-methods: post\r\n")
                    .containsPattern("access-control-allow-headers: authorization, content-type, .*anonymousid.*\r\n")
                    .doesNotContain("access-control-allow-credentials");
        }
        assertThat(send("POST", "/v1/b", origin + "Content-Type: text/plain\r\n", "{\"batch\":[]," + KEY + "}"))
                .startsWith("HTTP/1.1 200")
                .contains("access-control-allow-origin: *\r\n");
        assertThat(ask("OPTIONS", "/v1/events", asks))
                .startsWith("HTTP/1.1 405")
                .doesNotContain("access-control");
        assertThat(ask("GET", "/v1/predictions", origin)).doesNotContain("access-control");
    }

    @Test
    void takesAPixel_inBase64OfEitherAlphabet() throws Exception {
        byte[] message = ("{\"userId\":\"???>>>\",\"event\":\"e\"," + KEY + "}").getBytes(StandardCharsets.UTF_8);
        String plain = Base64.getEncoder().encodeToString(message);

        for (String data : new String[] {
            URLEncoder.encode(plain, StandardCharsets.UTF_8),
            plain,
            Base64.getUrlEncoder().withoutPadding().encodeToString(message)
        }) {
            for (String kind : new String[] {"track", "t", "identify", "i/"}) {
                assertComesAgain(ask("GET", "/v1/pixel/" + kind + "?data=" + data, ""));
            }
        }
        assertThat(ask("GET", "/v1/pixel/erase?data=" + plain, "")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET", "/v1/pixel/track", "")).startsWith("HTTP/1.1 400");
        assertThat(ask("GET", "/v1/pixel/track?data=%25%25", "")).startsWith("HTTP/1.1 400");
        assertThat(ask("GET", "/v1/pixel/track?data=e30", "")).startsWith("HTTP/1.1 401");
        assertThat(ask("HEAD", "/v1/pixel/track?data=" + plain, ""))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: image/gif");
    }

    private static void assertSuccess(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: application/json\r\n")
                .endsWith("\r\n\r\n{\"success\":true}");
    }

    private static void assertComesAgain(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 503").containsPattern("(?i)retry-after: [0-9]+\r\n");
    }

    private static String post(String path, String headers, String body) throws Exception {
        return send("POST", path, headers + "Content-Type: application/json\r\n", body);
    }

    private static String ask(String method, String path, String headers) throws Exception {
        return door.exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private static String send(String method, String path, String headers, String body) throws Exception {
        return door.exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
