package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.identity.Sha256;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A door with a small heap, and clients that send more than fits. */
class DoorMemoryIT {
    private static final int CLIENTS = 300;
    private static final int HALF_BODY = 700_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port = Ports.free();

    @Test
    void keepsServing_whenHalfBodiesAddUpToMoreThanItsHeap(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("ingest.log");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ChildDoor door = start(broker, log)) {
            DoorStage.until(() -> post() == 202);

            List<Socket> flood = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                flood.add(halfBody());
            }
            for (Socket socket : flood) {
                socket.close();
            }

            DoorStage.until(() -> post() == 202);
            assertThat(door.process().isAlive()).isTrue();
            assertThat(Files.readString(log)).doesNotContain("OutOfMemoryError");
        }
    }

    private ChildDoor start(EmbeddedBroker broker, Path log) throws IOException {
        Map<String, String> settings = Map.of(
                "MILLRACE_KAFKA_BOOTSTRAP",
                broker.bootstrap(),
                "MILLRACE_INGEST_HTTP_PORT",
                Integer.toString(port),
                "MILLRACE_INGEST_WRITE_KEYS",
                "web=" + Sha256.of(DoorStage.WRITE_KEY.getBytes(StandardCharsets.UTF_8)));
        return ChildDoor.start("96m", settings, log);
    }

    /** Promises a body and sends most of it. */
    private Socket halfBody() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: " + DoorStage.BASIC
                                + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
                                + "x".repeat(HALF_BODY))
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private int post() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"))
                .header("Authorization", DoorStage.BASIC)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"u\",\"name\":\"x\"}"))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            // Not open yet: whoever waits asks again.
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
