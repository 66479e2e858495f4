package io.millrace.standalone.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Clients that post without a pause, each its own users' events, now by one door and now by another, and each request only
 * after the one before was answered, so far ahead of the predictions that there is always something to do. One event in ten is sent again with a later request; what is refused for the time being is
 * sent again, as SDKs do.
 */
final class Clients implements AutoCloseable {
    private static final int CLIENTS = 2;
    private static final int BATCH = 20;
    private static final int AHEAD = 1_000;
    private static final long PACE_NANOS = 2_000_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Long> took = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> running = new ArrayList<>();
    private final List<URI> doors;
    private final String authorization;
    private final int users;
    private final AtomicInteger count = new AtomicInteger();
    private final IntSupplier scored;
    private volatile boolean stopped;

    /**
     * Begins.
     *
     * @param ports of the doors
     * @param scored how many predictions there are
     */
    Clients(List<Integer> ports, String writeKey, int users, IntSupplier scored) {
        this.scored = scored;
        this.doors = ports.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port + "/v1/events"))
                .toList();
        this.authorization = "Basic " + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(UTF_8));
        this.users = users;
        for (int client = 0; client < CLIENTS; client++) {
            int number = client;
            running.add(threads.submit(() -> {
                post(number);
                return null;
            }));
        }
    }

    /** Ids of events that were accepted. */
    Queue<String> accepted() {
        return accepted;
    }

    /** How many were accepted. */
    int count() {
        return count.get();
    }

    /** How long requests took, in nanoseconds. */
    Queue<Long> took() {
        return took;
    }

    /** Lets each end the request in hand. */
    void stop() throws ExecutionException, InterruptedException {
        stopped = true;
        for (Future<?> one : running) {
            one.get();
        }
    }

    private void post(int client) throws IOException, InterruptedException {
        Random random = new Random(client);
        List<String> again = new ArrayList<>();
        for (int next = 0; !stopped; ) {
            if (count.get() - scored.getAsInt() > AHEAD) {
                LockSupport.parkNanos(PACE_NANOS);
                continue;
            }
            List<String> events = new ArrayList<>(again);
            again.clear();
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < BATCH; i++, next++) {
                String id = client + "-" + next;
                String event = "{\"id\":\"" + id + "\",\"userId\":\"c" + client + "u" + random.nextInt(users)
                        + "\",\"name\":\"product_viewed\",\"properties\":{\"price\":" + next % 100
                        + ",\"product_id\":\"p" + next % 50 + "\",\"category\":\"c" + next % 7 + "\"}}";
                events.add(event);
                ids.add(id);
                if (random.nextInt(10) == 0) {
                    again.add(event);
                }
            }
            send(doors.get(random.nextInt(doors.size())), "[" + String.join(",", events) + "]");
            accepted.addAll(ids);
            count.addAndGet(ids.size());
        }
    }

    private void send(URI door, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(door)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        while (true) {
            long began = System.nanoTime();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            took.add(System.nanoTime() - began);
            if (answer.statusCode() == 202) {
                return;
            }
            if (answer.statusCode() != 429 && answer.statusCode() != 503) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            TimeUnit.SECONDS.sleep(
                    answer.headers().firstValueAsLong("retry-after").orElse(1));
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
