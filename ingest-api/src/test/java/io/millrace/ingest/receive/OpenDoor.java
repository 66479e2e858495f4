package io.millrace.ingest.receive;

import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real door with no broker behind it: everything up to publishing is as in production. */
final class OpenDoor implements AutoCloseable {
    static final String WRITE_KEY = "wk_open_door";
    static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(StandardCharsets.UTF_8));

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    final IngestConfig config;
    final Ingest ingest;

    OpenDoor(Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(Map.of(
                // Nobody listens on the discard port of loopback.
                "kafka.bootstrap", "127.0.0.1:9",
                "ingest.http.port", "0",
                "ingest.http.drain", "1s",
                "ingest.write-keys", "web=" + Sha256.of(WRITE_KEY.getBytes(StandardCharsets.UTF_8)),
                "ingest.jwt.secret", "a secret of this door, of 32 bytes or more"));
        flags.putAll(settings);
        Settings gathered = Settings.gather(null, Map.of(), flags, IngestKeys.ALL);
        config = IngestConfig.from(gathered);
        gathered.check();
        ingest = Ingest.start(config, List.of());
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingest.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Sends these bytes and reads until the door closes the connection. */
    String exchange(String text) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Reads one answer's head and as much of its body as Content-Length says. */
    static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        int at = head.toString().toLowerCase(Locale.ROOT).indexOf("content-length: ");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        head.substring(at + 16, head.indexOf("\r\n", at)).trim());
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** A bearer of this door. */
    String bearer(Role role) {
        return "Bearer "
                + new TokenIssuer(config.access(), Clock.systemUTC())
                        .issue("tester", Set.of(role), new Source("web"), Duration.ofMinutes(5));
    }

    /** The value of the first meter whose line begins so; -1 where there is none. */
    double metric(String beginning) {
        try {
            return exchange("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
                            + bearer(Role.OPERATOR) + "\r\n\r\n")
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so within a minute");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        ingest.close();
    }
}
