package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is sent to a door by those who mean it no good, over HTTP/1.1. */
class AttackTest {
    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of(
                "ingest.http.head-deadline", "700ms",
                "ingest.http.body-deadline", "700ms",
                "ingest.http.idle", "3s",
                "ingest.http.connections", "40"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void closes_whenTheHeadDribbles() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (String beginning : List.of("G", "PRI * HT", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", "")) {
            Socket socket = door.connect();
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }

        for (Socket socket : sockets) {
            assertThat(readUntilClosed(socket)).isEmpty();
        }
    }

    @Test
    void closes_whenTheHeadOfTheNextRequestDribbles() throws Exception {
        try (Socket socket = door.connect()) {
            socket.getOutputStream().write(bytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(OpenDoor.answer(socket.getInputStream())).startsWith("HTTP/1.1 200");

            int sent = 0;
            try {
                // A byte now and then is traffic, so that no connection of this kind is ever idle.
                while (sent < 600) {
                    socket.getOutputStream().write('X');
                    sent++;
                    LockSupport.parkNanos(100_000_000);
                }
            } catch (IOException closed) {
                assertThat(sent).isGreaterThan(1);
            }
            assertThat(sent).isLessThan(600);
        }
    }

    @Test
    void keepsToItsBound_whenConnectionsSayNothing() throws Exception {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            silent.add(door.connect());
        }
        long refused = 0;
        for (Socket socket : silent) {
            // Some are refused at once, the rest when their head does not come.
            refused += readUntilClosed(socket).isEmpty() ? 1 : 0;
        }
        assertThat(refused).isEqualTo(200);
        OpenDoor.until(() -> door.metric("millrace_ingest_connections ") <= 1);

        assertThat(door.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void refuses_whenTheHeadIsTooLarge() throws Exception {
        assertRefused(door.exchange("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414, "uri_too_long");
        assertRefused(
                door.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Bomb: " + "b".repeat(20_000) + "\r\n\r\n"),
                431,
                "headers_too_large");
        assertRefused(
                door.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\n" + "X-B: c\r\n".repeat(3_000) + "\r\n"),
                431,
                "headers_too_large");
    }

    @Test
    void refuses_whenTheLengthIsAmbiguous() throws Exception {
        String post = "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + OpenDoor.BASIC
                + "\r\nContent-Type: application/json\r\n";
        String smuggled = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n";
        for (String length : List.of(
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5, 6\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: -5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length : 5\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")) {
            String answers = door.exchange(post + length + "\r\n" + smuggled);

            assertThat(answers).as(length).containsPattern("^HTTP/1.[01] 400");
            assertThat(answers.split("HTTP/1\\.[01] [0-9]", -1)).as(length).hasSize(2);
        }
    }

    @Test
    void refuses_whenTheRequestIsNoHttp() throws Exception {
        for (String text : List.of(
                "GET /healthz HTTP/1.1\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")) {
            assertThat(door.exchange(text))
                    .as(text)
                    .containsPattern("^HTTP/1.[01] 400")
                    .contains("bad_request");
        }
    }

    @Test
    void answersInOrder_whenRequestsArePipelined() throws Exception {
        String one = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        String last = "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String answers = door.exchange(one.repeat(500) + last);

        assertThat(answers.split("HTTP/1\\.1 200", -1)).hasSize(501);
        assertThat(answers.substring(answers.lastIndexOf("HTTP/1.1"))).startsWith("HTTP/1.1 404");
    }

    @Test
    void cutsOff_whenAnUnwantedBodyNeverEnds() throws Exception {
        try (Socket socket = door.connect()) {
            socket.getOutputStream()
                    .write(bytes("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
            assertThat(OpenDoor.answer(socket.getInputStream())).startsWith("HTTP/1.1 404");

            boolean cut = false;
            for (int i = 0; i < 600 && !cut; i++) {
                try {
                    socket.getOutputStream().write(bytes("1\r\nx\r\n"));
                    LockSupport.parkNanos(100_000_000);
                } catch (IOException closed) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    private static void assertRefused(String answer, int status, String code) {
        assertThat(answer)
                .containsPattern("^HTTP/1.[01] " + status)
                .contains("application/problem+json")
                .contains(code);
    }

    private static String readUntilClosed(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException reset) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
