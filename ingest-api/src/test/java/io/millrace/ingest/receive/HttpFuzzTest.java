package io.millrace.ingest.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever comes over a socket, the door answers as HTTP says or hangs up, and is there for the next. */
class HttpFuzzTest {
    private static final int USUAL = 150;
    /** Where a frame of HTTP/2 has its type, and the first one's (RFC 9113, sections 3.4 and 4.1). */
    private static final int FRAME_TYPE = 3;

    private static final char SETTINGS = 4;
    /** Each is a connection of its own. */
    private static final int MOST = 200_000;

    private static final int SHORT_MILLIS = 15;

    @Test
    void requests_areAnswered_orHungUpOn() throws Exception {
        try (OpenDoor door =
                new OpenDoor(Map.of("ingest.http.head-deadline", "5s", "ingest.http.body-deadline", "5s"))) {
            BadInput inputs = new BadInput(FuzzRun.seed(), requests());

            Map<String, Long> outcomes = FuzzRun.run(
                    "HTTP",
                    Math.min(MOST, FuzzRun.inputs(USUAL)),
                    () -> inputs.choose(2) == 0 ? post(inputs.next(), "application/json") : inputs.next(),
                    bytes -> exchange(door, bytes));

            assertThat(outcomes).containsKeys("400", "503").doesNotContainKey("500");
            assertThat(outcomes.keySet())
                    .allMatch(outcome -> outcome.matches("[2345][0-9]{2}|HTTP/2|no preface|hung up"));
            assertThat(door.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            OpenDoor.until(() -> door.metric("millrace_ingest_connections ") <= 1);
            assertThat(door.metric("millrace_ingest_inflight_bytes ")).isZero();
        }
    }

    private static String exchange(OpenDoor door, byte[] bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = door.connect()) {
            socket.getOutputStream().write(bytes);
            read(socket, answer, SHORT_MILLIS);
            // Whoever waits for more is told that there is none.
            socket.shutdownOutput();
            read(socket, answer, 60_000);
        } catch (SocketException e) {
            // A door that hangs up while we still write resets the connection.
        }
        String text = answer.toString(ISO_8859_1);
        if (text.isEmpty()) {
            return "hung up";
        }
        if (new String(bytes, ISO_8859_1).startsWith("PRI * HTTP/2.0") && text.charAt(FRAME_TYPE) == SETTINGS) {
            return "HTTP/2";
        }
        if (new String(bytes, ISO_8859_1).startsWith("PRI ")) {
            // A preface of HTTP/2 that is none in its middle: Vert.x repeats its version.
            assertThat(text).matches("(?s)\\S+ (4[0-9]{2}|501) .*");
            return "no preface";
        }
        assertThat(text).matches("(?s)HTTP/1\\.[01] [2345][0-9]{2} .*");
        return text.substring(9, 12);
    }

    private static void read(Socket socket, ByteArrayOutputStream answer, int millis) throws IOException {
        socket.setSoTimeout(millis);
        InputStream in = socket.getInputStream();
        byte[] piece = new byte[8_192];
        try {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                answer.write(piece, 0, read);
            }
        } catch (SocketTimeoutException e) {
            assertThat(millis).as("the door neither answers nor hangs up").isEqualTo(SHORT_MILLIS);
        }
    }

    private static List<byte[]> requests() {
        List<byte[]> requests = new ArrayList<>();
        for (byte[] body : FuzzRun.examples("publish")) {
            requests.add(post(body, "application/json"));
        }
        requests.add(post("{\"userId\":\"u1\",\"name\":\"x\"}\n{}\n".getBytes(UTF_8), "application/x-ndjson"));
        for (String line : List.of(
                "GET /v1/predictions?limit=5&from=2026-01-01T00:00:00Z",
                "GET /v1/dead-letters?reason=model_failed&redriven=false",
                "GET /v1/dead-letters/3-120",
                "GET /v1/users/u%201?source=web",
                "GET /v1/events/e1?source=web&userId=u1",
                "GET /v1/pixel/t?data=eyJ1c2VySWQiOiJ1IiwiZXZlbnQiOiJlIn0",
                "GET /healthz",
                "GET /openapi.yaml",
                "OPTIONS /v1/cloudevents?access_token=x",
                "DELETE /v1/sources/0123456789abcdef",
                "OPTIONS *",
                "HEAD /docs")) {
            requests.add((line + " HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nAuthorization: " + OpenDoor.BASIC
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(ISO_8859_1));
        }
        requests.add(("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + OpenDoor.BASIC
                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + "5\r\n{\"a\":\r\n2;x=y\r\n1}\r\n0\r\n\r\n")
                .getBytes(ISO_8859_1));
        requests.add(("POST /v1/b/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 78\r\n\r\n"
                        + "{\"batch\":[{\"type\":\"page\",\"userId\":\"u1\",\"sentAt\":1}],\"writeKey\":\""
                        + OpenDoor.WRITE_KEY
                        + "\"}")
                .getBytes(ISO_8859_1));
        requests.add(("POST /v1/cloudevents HTTP/1.1\r\nHost: x\r\nAuthorization: " + OpenDoor.BASIC
                        + "\r\nce-specversion: 1.0\r\nce-id: %41\r\nce-source: /s\r\nce-type: t\r\nce-subject: u\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}")
                .getBytes(ISO_8859_1));
        requests.add(("POST /v1/logs HTTP/1.1\r\nHost: x\r\nAuthorization: " + OpenDoor.BASIC
                        + "\r\nContent-Type: application/json\r\nContent-Length: 88\r\nConnection: close\r\n\r\n"
                        + "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":\"e\",\"traceId\":\"5b8eff\"}]}]}]}")
                .getBytes(ISO_8859_1));
        requests.add("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(ISO_8859_1));
        return requests;
    }

    private static byte[] post(byte[] body, String type) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(
                ("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + OpenDoor.BASIC + "\r\nContent-Type: " + type
                                + "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n")
                        .getBytes(ISO_8859_1));
        request.writeBytes(body);
        return request.toByteArray();
    }
}
