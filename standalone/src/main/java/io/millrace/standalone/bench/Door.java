package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.standalone.embedded.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Millrace's door in a process of its own. Whoever starts it closes it. */
final class Door implements AutoCloseable {
    static final String WRITE_KEY = "bench";
    static final String SOURCE = "shop";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Child child;
    private final InetSocketAddress address;

    private Door(Child child, InetSocketAddress address) {
        this.child = child;
        this.address = address;
    }

    /**
     * Starts it and returns when it takes requests.
     *
     * @param more settings beside those that it needs
     */
    static Door start(Sitting sitting, String name, int heapMegabytes, Map<String, String> more)
            throws BenchFailedException, IOException, InterruptedException {
        int port = Ports.free();
        Map<String, String> settings = new HashMap<>(more);
        settings.put("MILLRACE_KAFKA_BOOTSTRAP", sitting.bootstrap());
        settings.put("MILLRACE_INGEST_HTTP_PORT", Integer.toString(port));
        settings.put("MILLRACE_INGEST_WRITE_KEYS", SOURCE + "=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)));
        // All comes from one source here.
        settings.put("MILLRACE_INGEST_RATE_EVENTS", "0");
        settings.putIfAbsent("MILLRACE_POSTGRES_URL", Sitting.NO_DATABASE);
        Child child =
                Child.start(sitting.folders(), name, heapMegabytes, settings, MillraceMain.class.getName(), "ingest");
        Door door = new Door(child, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        try {
            awaitAnswer(URI.create("http://127.0.0.1:" + port + "/healthz"), child);
        } catch (BenchFailedException | InterruptedException e) {
            door.close();
            throw e;
        }
        return door;
    }

    /** Until something answers there with 200. */
    static void awaitAnswer(URI health, Child child) throws BenchFailedException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long deadline = System.nanoTime() + START.toNanos();
        HttpRequest request = HttpRequest.newBuilder(health).timeout(START).build();
        while (System.nanoTime() - deadline < 0) {
            child.requireAlive(health.toString());
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
        }
        throw new BenchFailedException(health + " does not answer within " + START.toSeconds() + " s");
    }

    Child child() {
        return child;
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        child.close();
    }
}
