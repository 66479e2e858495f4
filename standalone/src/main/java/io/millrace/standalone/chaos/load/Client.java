package io.millrace.standalone.chaos.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A producer: posts batches of its users' events, one request at a time, and sends each until it is acknowledged, now by
 * one door and now by another. Runs on one thread.
 */
final class Client {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long LONGEST_BACKOFF_MILLIS = 3_000;
    private static final int LARGEST_BATCH = 10;
    /** One in so many answers is taken for lost, and the request sent once more. */
    private static final int LOST_ANSWERS = 25;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final List<URI> doors;
    private final String authorization;
    private final ClientFile file;
    private final Shopping shopping;
    private final SplittableRandom random;
    private final double eventsPerSecond;
    private final LoadTally tally;
    private final CountDownLatch stopped;
    private final CountDownLatch ended;
    private int door;

    Client(
            HttpClient http,
            List<URI> doors,
            String authorization,
            ClientFile file,
            Shopping shopping,
            SplittableRandom random,
            double eventsPerSecond,
            LoadTally tally,
            CountDownLatch stopped,
            CountDownLatch ended) {
        this.http = http;
        this.doors = List.copyOf(doors);
        this.authorization = authorization;
        this.file = file;
        this.shopping = shopping;
        this.random = random;
        this.eventsPerSecond = eventsPerSecond;
        this.tally = tally;
        this.stopped = stopped;
        this.ended = ended;
    }

    /** Until it is told to stop; the request in hand is ended first, unless everything is to end. */
    void run() throws IOException, InterruptedException {
        long due = System.nanoTime();
        for (long request = 0; stopped.getCount() > 0; request++) {
            List<Shopping.Event> events = new ArrayList<>();
            for (int i = random.nextInt(LARGEST_BATCH); i >= 0; i--) {
                events.add(shopping.next());
            }
            file.sending(request, events);
            if (!send(request, events)) {
                return;
            }
            // What an outage has cost is not made up for.
            due = Math.max(due + (long) (events.size() * 1e9 / eventsPerSecond), System.nanoTime());
            if (stopped.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    /** Whether it was acknowledged; false where all is to end. */
    private boolean send(long request, List<Shopping.Event> events) throws IOException, InterruptedException {
        String body =
                "[" + String.join(",", events.stream().map(Shopping.Event::body).toList()) + "]";
        long began = System.nanoTime();
        long backoff = FIRST_BACKOFF_MILLIS;
        boolean again = random.nextInt(LOST_ANSWERS) == 0;
        door = random.nextInt(doors.size());
        while (ended.getCount() > 0) {
            long asked = System.nanoTime();
            Said said = post(body);
            file.answered(request, said.status, said.eventIds);
            tally.answered(said.status, Duration.ofNanos(System.nanoTime() - asked));
            if (said.status >= 200 && said.status < 300) {
                if (said.eventIds.size() != events.size()) {
                    throw new IOException("a door refuses what it takes from others: " + said);
                }
                if (!again) {
                    tally.acknowledged(events.size(), Duration.ofNanos(System.nanoTime() - began));
                    return true;
                }
                again = false;
                tally.resent();
            } else if (said.status != 0 && said.status != 429 && said.status < 500) {
                throw new IOException("a door refuses what it takes from others: " + said);
            }
            door = (door + 1) % doors.size();
            long pause = said.retryAfterSeconds > 0
                    ? said.retryAfterSeconds * 1_000
                    : backoff / 2 + random.nextLong(backoff / 2 + 1);
            backoff = Math.min(LONGEST_BACKOFF_MILLIS, backoff * 2);
            if (ended.await(pause, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private record Said(int status, List<String> eventIds, long retryAfterSeconds) {}

    private Said post(String body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(doors.get(door))
                .timeout(TIMEOUT)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            List<String> ids = new ArrayList<>();
            for (JsonNode id : JSON.readTree(answer.body()).path("eventIds")) {
                ids.add(id.asText());
            }
            long pause = answer.headers().firstValueAsLong("retry-after").orElse(0);
            return new Said(answer.statusCode(), ids, pause);
        } catch (IOException e) {
            return new Said(0, List.of(), 0);
        }
    }
}
