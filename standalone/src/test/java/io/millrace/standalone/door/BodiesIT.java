package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are too large, too slow, left behind, or waited for. */
class BodiesIT {
    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of("ingest.http.body-deadline", "500ms"));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void answers413_howeverTheBodyIsTooLarge() throws Exception {
        byte[] large = new byte[2 * 1024 * 1024];
        HttpRequest chunked = HttpRequest.newBuilder(stage.uri("/v1/events"))
                .header("Authorization", DoorStage.BASIC)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build();
        byte[] bomb = DoorStage.gzip(new ByteArrayInputStream(new byte[64 * 1024 * 1024]));

        DoorStage.assertProblem(stage.post(large, "Content-Type", "application/json"), 413, "body_too_large");
        DoorStage.assertProblem(stage.send(chunked), 413, "body_too_large");
        DoorStage.assertProblem(
                stage.post(bomb, "Content-Type", "application/json", "Content-Encoding", "gzip"),
                413,
                "body_too_large");
    }

    @Test
    void answers408AndCloses_whenTheBodyDoesNotCome() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.ingest.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(bytes("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + DoorStage.BASIC
                            + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"userId\""));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("body_too_slow");
        }
        DoorStage.until(() -> stage.metric("millrace_ingest_inflight_") == 0);
    }

    @Test
    void freesItsPlace_whenTheClientLeaves() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.ingest.port())) {
            socket.getOutputStream()
                    .write(bytes("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + DoorStage.BASIC
                            + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        }

        DoorStage.until(() -> stage.metric("millrace_ingest_inflight_") == 0);
        assertThat(stage.postJson("{\"userId\":\"u\",\"name\":\"x\"}").statusCode())
                .isEqualTo(202);
    }

    @Test
    void asksForTheBody_whenTheClientWaitsForIt() throws Exception {
        HttpRequest patient = HttpRequest.newBuilder(stage.uri("/v1/events"))
                .header("Authorization", DoorStage.BASIC)
                .header("Content-Type", "application/json")
                .expectContinue(true)
                .POST(BodyPublishers.ofString("{\"userId\":\"u\",\"name\":\"x\"}"))
                .build();

        assertThat(stage.send(patient).statusCode()).isEqualTo(202);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
