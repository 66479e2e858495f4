package io.millrace.standalone.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {
    private static final int PADDING = 300_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean holdFirst;
    private volatile boolean refuseEverySecond;
    private HttpServer server = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            int number = requests.getAndIncrement();
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8).strip());
            if (holdFirst && number == 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] answer = "{}".getBytes(UTF_8);
            exchange.sendResponseHeaders(refuseEverySecond && number % 2 == 1 ? 429 : 202, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void steady_sendsEachOnce_alsoWhatASocketTakesInPieces() throws Exception {
        HttpPost post = HttpPost.of(
                server.getAddress(), "/v1/events", Map.of("content-type", "text/plain"), "0" + " ".repeat(PADDING));
        Requests numbered = (number, into) -> {
            into.put(post.bytes());
            into.put(post.body(), (byte) ('0' + number));
        };

        try (HttpLoad load = new HttpLoad(server.getAddress(), 3)) {
            Outcome outcome = load.run(numbered, Schedule.steady(1_000, 10));

            assertThat(outcome.statuses()).containsExactly(Map.entry(202, 10L));
            assertThat(outcome.took().size()).isEqualTo(10);
            assertThat(bodies).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }
    }

    @Test
    void timeCountsFromWhenARequestWasDue_whenThoseBeforeItAreHeldUp() throws Exception {
        holdFirst = true;
        AtomicLong asked = new AtomicLong();
        Schedule schedule = Schedule.steady(1_000, 3);
        Schedule releasing = (number, elapsed) -> {
            // All are due: now the first may be answered.
            if (elapsed > Duration.ofMillis(50).toNanos()) {
                asked.set(elapsed);
                released.countDown();
            }
            return schedule.due(number, elapsed);
        };

        try (HttpLoad load = new HttpLoad(server.getAddress(), 1)) {
            Outcome outcome = load.run(posts(), releasing);

            assertThat(outcome.accepted()).isEqualTo(3);
            // Due after 0, 1 and 2 ms, none answered before 50.
            assertThat(outcome.took().millis(0)).isGreaterThan(47);
        }
    }

    @Test
    void flood_countsAnswersByStatus() throws Exception {
        refuseEverySecond = true;

        try (HttpLoad load = new HttpLoad(server.getAddress(), 4)) {
            Outcome outcome = load.run(posts(), Schedule.flood(Duration.ofMillis(200)));

            assertThat(outcome.accepted() + outcome.failed()).isEqualTo(requests.get());
            assertThat(outcome.statuses()).containsOnlyKeys(202, 429);
            assertThat(outcome.failures()).isEqualTo("429: " + outcome.failed());
        }
    }

    @Test
    void window_letsNoMoreBeUnderWay_thanHaveEnded() throws Exception {
        Schedule window = Schedule.window(() -> 5, 10, Duration.ofMinutes(10));
        AtomicInteger waited = new AtomicInteger();
        Schedule untilItWaits = (number, elapsed) -> {
            long due = window.due(number, elapsed);
            return due > elapsed && waited.incrementAndGet() > 3 ? Schedule.END : due;
        };

        try (HttpLoad load = new HttpLoad(server.getAddress(), 4)) {
            load.run(posts(), untilItWaits);

            assertThat(requests).hasValue(15);
        }
    }

    private Requests posts() {
        byte[] post = HttpPost.of(server.getAddress(), "/", Map.of(), "{}").bytes();
        return (number, into) -> into.put(post);
    }
}
