package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.authorize.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders of CloudEvents see of the door when no broker is behind it: who came through is told to come again. */
class CloudEventsDoorTest {
    private static final String PATH = "/v1/cloudevents";
    private static final String BASIC = "Authorization: " + OpenDoor.BASIC + "\r\n";
    private static final String ATTRIBUTES =
            "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /s\r\nce-type: t\r\nce-subject: u\r\n";
    private static final String EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"u\"}";

    private static final String ORIGIN = "WebHook-Request-Origin: eventgrid.azure.net\r\n";
    private static final String ASKS =
            ORIGIN + "WebHook-Request-Callback: https://x.example/\r\nWebHook-Request-Rate: 120\r\n";

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of("ingest.rate.events", "100"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "application/cloudevents+json; charset=utf-8",
                "Application/CloudEvents+JSON;charset=\"UTF-8\"; profile=x",
            })
    void takesOne_whateverParametersItsTypeHas(String type) throws Exception {
        assertComesAgain(send(PATH, BASIC + "Content-Type: " + type + "\r\n", EVENT));
        assertComesAgain(send(PATH + "/", BASIC + "Content-Type: " + type + "\r\n", EVENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents-batch+json", "application/cloudevents-batch+json; charset=utf-8"})
    void takesABatch_andAnEmptyOneWithoutABody(String type) throws Exception {
        assertComesAgain(send(PATH, BASIC + "Content-Type: " + type + "\r\n", "[" + EVENT + "]"));
        assertThat(send(PATH, BASIC + "Content-Type: " + type + "\r\n", "[]").toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 202")
                .contains("content-length: 0\r\n")
                .doesNotContain("content-type:");
    }

    @Test
    void takesHeadersWithAnyBody() throws Exception {
        for (String type : new String[] {"application/json", "text/xml", "image/png", ""}) {
            String header = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
            assertComesAgain(send(PATH, BASIC + ATTRIBUTES + header, "{}"));
            assertComesAgain(send(PATH, BASIC + ATTRIBUTES + header, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+avro",
                "application/cloudevents+xml",
                "application/cloudevents",
                "application/cloudevents-batch",
                "application/cloudevents+json; charset=utf-16",
            })
    void refusesFormatsThatNobodyReads(String type) throws Exception {
        assertThat(send(PATH, BASIC + "Content-Type: " + type + "\r\n", EVENT))
                .startsWith("HTTP/1.1 415")
                .contains("unsupported_media_type");
    }

    @Test
    void unpacksGzip_andNothingElse() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("[]".getBytes(StandardCharsets.UTF_8));
        }
        String type = "Content-Type: application/cloudevents-batch+json\r\n";

        assertThat(send(
                        PATH,
                        BASIC + type + "Content-Encoding: gzip\r\n",
                        packed.toString(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 202");
        assertThat(send(PATH, BASIC + type + "Content-Encoding: br\r\n", "[]")).startsWith("HTTP/1.1 415");
    }

    @Test
    void takesTheKey_fromTheHeaderOrTheAddress() throws Exception {
        String type = "Content-Type: application/cloudevents-batch+json\r\n";

        for (String credential : new String[] {BASIC, "Authorization: Bearer " + OpenDoor.WRITE_KEY + "\r\n"}) {
            assertThat(send(PATH, credential + type, "[]")).startsWith("HTTP/1.1 202");
        }
        String withKey = PATH + "?x=1&access_token=" + OpenDoor.WRITE_KEY;
        assertThat(send(withKey, type, "[]")).startsWith("HTTP/1.1 202");
        // Eventarc's own token is nobody's here.
        assertThat(send(withKey, "Authorization: Bearer a.b.c\r\n" + type, "[]"))
                .startsWith("HTTP/1.1 202");
        assertThat(send(PATH, type, "[]")).startsWith("HTTP/1.1 401");
        assertThat(send(PATH + "?access_token=%zz", type, "[]")).startsWith("HTTP/1.1 400");
        assertThat(send(PATH, "Authorization: " + door.bearer(Role.ANALYST) + "\r\n" + type, "[]"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void agreesToBeDeliveredTo_whoeverAsks() throws Exception {
        for (String path : new String[] {PATH, PATH + "/", PATH + "?access_token=x"}) {
            assertThat(ask("OPTIONS", path, ASKS).toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 200")
                    .contains("allow: options, post\r\n")
                    .contains("webhook-allowed-origin: eventgrid.azure.net\r\n")
                    .contains("webhook-allowed-rate: 6000\r\n");
        }
        assertThat(ask("OPTIONS", PATH, "").toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 200")
                .contains("allow: options, post\r\n")
                .doesNotContain("webhook-");
    }

    @Test
    void answersABrowsersQuestion_asElsewhere() throws Exception {
        assertThat(ask("OPTIONS", PATH, "Origin: https://any.example\r\nAccess-Control-Request-Method: POST\r\n")
                        .toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 204")
                .contains("access-control-allow-origin: *\r\n")
                .contains("access-control-allow-methods: options, post\r\n");
        assertThat(ask("GET", PATH, "")).startsWith("HTTP/1.1 405").containsIgnoringCase("allow: OPTIONS, POST\r\n");
    }

    private static void assertComesAgain(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 503").containsPattern("(?i)retry-after: [0-9]+\r\n");
    }

    private static String ask(String method, String path, String headers) throws Exception {
        return door.exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private static String send(String path, String headers, String body) throws Exception {
        return door.exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
