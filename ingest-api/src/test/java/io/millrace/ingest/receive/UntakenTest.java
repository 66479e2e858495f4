package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients without a credential that ask for much and take nothing. */
class UntakenTest {
    private static final int CLIENTS = 60;
    private static final int LARGE = 1_000_000;
    private static final String ASK = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n";

    private static OpenDoor door;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of("ingest.http.stall", "2s", "ingest.http.idle", "5m"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void givesTheWholeAnswer_whenItIsLong() throws Exception {
        String answer = door.exchange(ASK.replace("x\r\n", "x\r\nConnection: close\r\n"));

        int length = Integer.parseInt(answer.replaceAll("(?s).*content-length: (\\d+)\r\n.*", "$1"));
        assertThat(length).isGreaterThan(LARGE);
        assertThat(answer.length() - answer.indexOf("\r\n\r\n") - 4).isEqualTo(length);
    }

    @Test
    void holdsAWindowOfEach_andCutsThemOff() throws Exception {
        double before = door.metric("millrace_ingest_netty_direct_bytes");
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            // More than the buffers of two sockets hold.
            sockets.add(ask(ASK.repeat(8)));
        }
        OpenDoor.until(() -> door.metric("millrace_ingest_untaken_bytes") >= CLIENTS * 100_000);

        assertThat(door.metric("millrace_ingest_netty_direct_bytes") - before).isLessThan(CLIENTS * LARGE / 3.0);

        OpenDoor.until(() -> door.metric("millrace_ingest_untaken_bytes") == 0);
        OpenDoor.until(() -> door.metric("millrace_ingest_connections ") <= 1);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void refusesTheNext_whenTooManyWait() {
        Untaken untaken = new Untaken(1_000_000);
        List<Runnable> held = new ArrayList<>();
        for (Runnable next = untaken.hold(200_000); next != null; next = untaken.hold(200_000)) {
            held.add(next);
        }
        assertThat(held).hasSize(3);

        held.get(0).run();
        assertThat(untaken.hold(200_000)).isNotNull();
    }

    @Test
    void cutsOff_whenTheClientOpensNoWindowOverHttp2() throws Exception {
        try (Socket socket = door.connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // SETTINGS_INITIAL_WINDOW_SIZE 0, and two requests: a long answer and a short one.
            out.write(new byte[] {0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0});
            out.write(get(1, "/docs/swagger-ui-bundle.js"));
            out.write(get(3, "/healthz"));
            out.flush();

            int resets = 0;
            InputStream in = socket.getInputStream();
            while (resets < 2) {
                byte[] head = in.readNBytes(9);
                in.skipNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff));
                resets += head[3] == 3 ? 1 : 0;
            }
        }
        OpenDoor.until(() -> door.metric("millrace_ingest_untaken_bytes") == 0);
    }

    private static Socket ask(String requests) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.ingest.port()));
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static byte[] get(int stream, String path) {
        byte[] text = path.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[9 + 2 + 2 + text.length + 3];
        frame[2] = (byte) (frame.length - 9);
        frame[3] = 1;
        frame[4] = 5;
        frame[8] = (byte) stream;
        frame[9] = (byte) 0x82;
        frame[10] = (byte) 0x86;
        frame[11] = 0x04;
        frame[12] = (byte) text.length;
        System.arraycopy(text, 0, frame, 13, text.length);
        frame[frame.length - 3] = 0x01;
        frame[frame.length - 2] = 1;
        frame[frame.length - 1] = 'x';
        return frame;
    }
}
