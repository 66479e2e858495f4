package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Posts single events at a steady pace, whether or not those before were answered. Used by one thread, once. */
final class SteadyPoster {
    /** What an id begins with; ten digits follow, so that who reads it needs to parse nothing else. */
    static final String ID = "lat-";

    private static final int MOST_UNANSWERED = 1_000;
    private static final int USERS = 100_000;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    private final AtomicInteger refused = new AtomicInteger();
    private final URI door;
    private final String authorization;
    private final int rate;
    private final long[] due;
    private final long[] answered;

    SteadyPoster(int port, String writeKey, int rate, int count) {
        this.door = URI.create("http://127.0.0.1:" + port);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(UTF_8));
        this.rate = rate;
        this.due = new long[count];
        this.answered = new long[count];
    }

    void awaitDoor(Child process, Duration patience) throws BenchFailedException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        HttpRequest ready = HttpRequest.newBuilder(door.resolve("/healthz")).build();
        while (System.nanoTime() - deadline < 0) {
            process.requireAlive("the door");
            try {
                if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
        }
        throw new BenchFailedException("the door does not answer within " + patience.toSeconds() + " s");
    }

    /** All of them; returns when each was answered. */
    void run() throws BenchFailedException, InterruptedException {
        Random random = new Random(1);
        long next = System.nanoTime();
        for (int i = 0; i < due.length; i++, next += 1_000_000_000L / rate) {
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            due[i] = next;
            unanswered.acquire();
            post(i, random);
        }
        unanswered.acquire(MOST_UNANSWERED);
        if (refused.get() > 0) {
            throw new BenchFailedException(refused + " of " + due.length + " events were not accepted");
        }
    }

    private void post(int number, Random random) {
        String event = String.format(
                "{\"id\":\"%s%010d\",\"userId\":\"user-%d\",\"name\":\"product_viewed\",\"properties\":{\"product_id\":\"p%d\","
                        + "\"category_id\":\"c%d\",\"price\":%d}}",
                ID, number, random.nextInt(USERS), random.nextInt(5_000), random.nextInt(100), random.nextInt(200));
        HttpRequest request = HttpRequest.newBuilder(door.resolve("/v1/events"))
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        var unused = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .whenComplete((answer, failure) -> {
                    answered[number] = System.nanoTime();
                    if (failure != null || answer.statusCode() != 202) {
                        refused.incrementAndGet();
                    }
                    unanswered.release();
                });
    }

    /** When each was due, by {@link System#nanoTime}. */
    long[] due() {
        return due;
    }

    /** How long requests took from when they were due, but for the first ones. */
    long[] took(int first) {
        long[] took = Arrays.copyOfRange(answered, first, answered.length);
        for (int i = 0; i < took.length; i++) {
            took[i] -= due[first + i];
        }
        return took;
    }
}
