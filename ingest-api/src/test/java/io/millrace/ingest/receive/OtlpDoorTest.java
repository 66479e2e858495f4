package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.authorize.Role;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What exporters of OpenTelemetry see of the door when no broker is behind it: who came through is told to come again. */
class OtlpDoorTest {
    private static final String BASIC = "Authorization: " + OpenDoor.BASIC + "\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String PROTOBUF = "Content-Type: application/x-protobuf\r\n";
    private static final String EVENT = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":\"e\","
            + "\"attributes\":[{\"key\":\"user.id\",\"value\":{\"stringValue\":\"u\"}}]}]}]}]}";

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void tellsWhatIsTransient_inTheEncodingOfTheRequest() throws Exception {
        for (String path : new String[] {"/v1/logs", "/v1/logs/", "//v1/logs"}) {
            assertThat(post(path, BASIC + JSON, EVENT))
                    .startsWith("HTTP/1.1 503")
                    .containsPattern("(?i)retry-after: [0-9]+\r\n")
                    .containsIgnoringCase("content-type: application/json\r\n")
                    .contains("{\"code\":14,\"message\":\"unavailable: ");
        }
        // The bytes of a resource, a scope and a record whose field 6 is the attribute user.id and field 12 is "e".
        String record = "\n\u0017\u0012\u0015\u0012\u00132\u000e\n\u0007user.id\u0012\u0003\n\u0001ub\u0001e";
        assertThat(post("/v1/logs", BASIC + PROTOBUF, record))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("content-type: application/x-protobuf\r\n")
                .contains("\r\n\r\n\b\u000e\u0012");
    }

    @Test
    void tellsThatALateBodyMayComeAgain() throws Exception {
        try (OpenDoor strict = new OpenDoor(Map.of("ingest.http.body-deadline", "2s"))) {
            assertThat(strict.exchange(
                            "POST /v1/logs HTTP/1.1\r\nHost: x\r\n" + BASIC + JSON + "Content-Length: 100\r\n\r\n{"))
                    .startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void answersNothing_whereNothingCame() throws Exception {
        assertThat(post("/v1/logs", BASIC + PROTOBUF, ""))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: application/x-protobuf\r\n")
                .containsIgnoringCase("content-length: 0\r\n");
        assertThat(post("/v1/logs", BASIC + JSON, "{}"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n{}");
    }

    @Test
    void countsPlainLogs_andSaysSo() throws Exception {
        double before = door.metric("millrace_ingest_logs_plain_total");

        assertThat(post("/v1/logs", BASIC + JSON, EVENT.replace("\"eventName\":\"e\",", "")))
                .startsWith("HTTP/1.1 200")
                .contains("{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"plain logs, of which ");
        assertThat(door.metric("millrace_ingest_logs_plain_total")).isEqualTo(before + 1);
    }

    @Test
    void unpacksGzip_andReadsTwoTypes() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(post(
                        "/v1/logs",
                        BASIC + JSON + "Content-Encoding: gzip\r\n",
                        packed.toString(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 200");
        assertThat(post("/v1/logs", BASIC + JSON + "Content-Encoding: br\r\n", "{}"))
                .startsWith("HTTP/1.1 415");
        assertThat(post("/v1/logs", BASIC + "Content-Type: text/plain\r\n", "{}"))
                .startsWith("HTTP/1.1 415");
    }

    @Test
    void refusesWhoeverHasNoKey() throws Exception {
        assertThat(post("/v1/logs", JSON, "{}"))
                .startsWith("HTTP/1.1 401")
                .contains("{\"code\":16,\"message\":\"unauthenticated: ");
        // Before a byte of the body was sent.
        try (Socket socket = door.connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/logs HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: 100000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(OpenDoor.answer(socket.getInputStream())).startsWith("HTTP/1.1 401");
        }
        assertThat(post("/v1/logs", "Authorization: " + door.bearer(Role.ANALYST) + "\r\n" + JSON, "{}"))
                .startsWith("HTTP/1.1 403");
        assertThat(post("/v1/logs", "Authorization: Bearer " + OpenDoor.WRITE_KEY + "\r\n" + JSON, "{}"))
                .startsWith("HTTP/1.1 200");
    }

    private static String post(String path, String headers, String body) throws Exception {
        return door.exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
