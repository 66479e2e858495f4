package io.millrace.standalone.chaos.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The clients, from their first request on. Thread-safe; whoever starts them closes them. */
public final class Load implements AutoCloseable {
    private static final int USERS_OF_EACH = 25;
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private final List<ClientFile> files = new ArrayList<>();
    private final LoadTally tally = new LoadTally();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Begins.
     *
     * @param folder takes a file of each client
     * @param ports of the doors, on loopback
     * @param rate events a second of all together, where all is well
     */
    public Load(Path folder, List<Integer> ports, String writeKey, int clients, double rate, long seed)
            throws IOException {
        Files.createDirectories(folder);
        List<URI> doors = ports.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port + "/v1/events"))
                .toList();
        String authorization = "Basic " + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(UTF_8));
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        SplittableRandom seeds = new SplittableRandom(seed);
        threads = Executors.newFixedThreadPool(clients);
        for (int number = 0; number < clients; number++) {
            ClientFile file = new ClientFile(folder, number);
            files.add(file);
            SplittableRandom random = seeds.split();
            Client client = new Client(
                    http,
                    doors,
                    authorization,
                    file,
                    new Shopping(number, USERS_OF_EACH, random),
                    random,
                    rate / clients,
                    tally,
                    stopped,
                    ended);
            running.add(threads.submit(() -> {
                client.run();
                return null;
            }));
        }
    }

    public LoadTally tally() {
        return tally;
    }

    /** Why a client ended that nobody told to; empty while all are well. */
    public List<String> failures() throws InterruptedException {
        List<String> failures = new ArrayList<>();
        for (Future<?> client : running) {
            if (client.isDone()) {
                try {
                    client.get();
                } catch (ExecutionException e) {
                    failures.add(String.valueOf(e.getCause()));
                }
            }
        }
        return failures;
    }

    /** Lets each client end its request; whether all were acknowledged in time. */
    public boolean stop(Duration patience) throws InterruptedException {
        stopped.countDown();
        long giveUpAt = System.nanoTime() + patience.toNanos();
        boolean all = true;
        for (Future<?> client : running) {
            try {
                client.get(Math.max(1, giveUpAt - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                all = false;
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        stopped.countDown();
        ended.countDown();
        threads.shutdown();
        try {
            boolean unused = threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (ClientFile file : files) {
            file.close();
        }
    }
}
