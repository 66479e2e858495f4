package io.millrace.ingest.receive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.trace.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are made while they are written, over real sockets. */
class StreamWriterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final HttpConfig CONFIG = new HttpConfig(
            "127.0.0.1",
            0,
            1,
            100,
            1 << 20,
            PATIENCE,
            PATIENCE,
            PATIENCE,
            Duration.ofMillis(500),
            64 * 1024,
            PATIENCE,
            Duration.ofSeconds(1),
            Optional.empty(),
            List.of(),
            List.of());

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        registry.close();
    }

    @Test
    void whole_whenItEnds() throws Exception {
        Chunks chunks = new Chunks(1_000, "0123456789");
        HttpResponse<String> answer = get(serve(chunks));
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain");
        assertThat(answer.body()).hasSize(10_000);
    }

    @Test
    void brokenOff_whenItFails() throws Exception {
        Chunks chunks = new Chunks(1_000, "0123456789");
        chunks.failsAt = 500;
        int port = serve(chunks);
        assertThatThrownBy(() -> get(port)).isInstanceOf(IOException.class);
    }

    @Test
    void reset_whenItFailsOverHttp2() throws Exception {
        Chunks chunks = new Chunks(1_000, "0123456789");
        chunks.failsAt = 500;
        int port = serve(chunks);
        AtomicInteger received = new AtomicInteger();
        CompletableFuture<String> end = new CompletableFuture<>();
        HttpClient http2 = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        // On the client's event loop throughout: a body that arrives before somebody asks for it is lost.
        vertx.runOnContext(ignored -> http2.request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .onFailure(end::completeExceptionally)
                .onSuccess(answer -> answer.handler(chunk -> received.addAndGet(chunk.length()))
                        .exceptionHandler(end::completeExceptionally)
                        .endHandler(whole -> end.complete("as if it were whole"))));

        assertThatThrownBy(() -> end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(StreamResetException.class);
        assertThat(received.get()).isBetween(0, 5_000);
    }

    @Test
    void cutOff_whenTheClientTakesNothing() throws Exception {
        Chunks chunks = new Chunks(Integer.MAX_VALUE, "x".repeat(16 * 1024));
        try (Socket client = connect(serve(chunks))) {
            ask(client);
            assertThat(chunks.cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            // What was made is what sockets and the write queue hold, not what a client might have taken.
            assertThat(chunks.made.get()).isBetween(1, 4_096);
        }
    }

    @Test
    void keepsPace_orNot() {
        long second = 1_000_000_000L;
        StreamWriter.Pace pace = new StreamWriter.Pace(30 * second, 1_000);

        assertThat(pace.isKept(30 * second, 30 * second, 0)).isTrue();
        assertThat(pace.isKept(31 * second, 31 * second, 1_000_000)).isFalse();
        // A sip just in time, again and again.
        assertThat(pace.isKept(second, 39 * second, 10_000)).isTrue();
        assertThat(pace.isKept(second, 41 * second, 10_000)).isFalse();
    }

    @Test
    void cancelled_whenTheClientGoes() throws Exception {
        Chunks chunks = new Chunks(Integer.MAX_VALUE, "x".repeat(1024));
        try (Socket client = connect(serve(chunks))) {
            ask(client);
            assertThat(client.getInputStream().read()).isPositive();
        }
        assertThat(chunks.cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    /** Makes chunks as they are asked for, on the asker's thread. */
    private static final class Chunks implements Flow.Publisher<byte[]>, Flow.Subscription {
        private final int count;
        private final byte[] chunk;
        private final AtomicInteger made = new AtomicInteger();
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private int failsAt = -1;
        private Flow.@Nullable Subscriber<? super byte[]> subscriber;

        Chunks(int count, String chunk) {
            this.count = count;
            this.chunk = chunk.getBytes(US_ASCII);
        }

        @Override
        public void subscribe(Flow.Subscriber<? super byte[]> given) {
            subscriber = given;
            given.onSubscribe(this);
        }

        @Override
        public void request(long more) {
            assertThat(more).isEqualTo(1);
            Flow.Subscriber<? super byte[]> to = Objects.requireNonNull(subscriber);
            int index = made.getAndIncrement();
            if (index == failsAt) {
                to.onError(new IOException("the source is gone"));
            } else if (index == count) {
                to.onComplete();
            } else {
                to.onNext(chunk);
            }
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }
    }

    private int serve(Chunks chunks) throws Exception {
        Context context = vertx.getOrCreateContext();
        Deadlines deadlines = new Deadlines();
        context.runOnContext(
                ignored -> vertx.setPeriodic(Deadlines.SWEEP_MILLIS, timer -> deadlines.sweep(System.nanoTime())));
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            Context loop = Objects.requireNonNull(Vertx.currentContext());
            Exchange exchange = new Exchange(
                    request,
                    CONFIG,
                    loop,
                    deadlines,
                    new Observer(new Meters(registry), Tracing.OFF),
                    new Untaken(1 << 20),
                    null);
            exchange.open();
            exchange.run(() -> exchange.stream(new Reply.Stream("text/plain", false, chunks)));
        });
        CompletableFuture<HttpServer> listening = new CompletableFuture<>();
        context.runOnContext(ignored ->
                server.listen(0, "127.0.0.1").onComplete(listening::complete, listening::completeExceptionally));
        return listening.get().actualPort();
    }

    private static HttpResponse<String> get(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(PATIENCE)
                .build();
        return java.net.http.HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void ask(Socket client) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        out.flush();
    }
}
