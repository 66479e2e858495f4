package io.millrace.processor.observe;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The processor's own door, for operators and probes: GET /healthz, /readyz and /metrics. It takes no body and nothing
 * from a request but its path.
 */
public final class ObserveServer implements AutoCloseable {
    private static final int MAX_REQUEST_LINE = 1024;
    private static final int MAX_HEADERS = 8 * 1024;

    private final Vertx vertx;
    private final HttpServer server;

    private ObserveServer(Vertx vertx, HttpServer server) {
        this.vertx = vertx;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param port 0 picks a free one
     * @throws IllegalStateException if it cannot, with a sentence that says why
     */
    public static ObserveServer start(
            String host, int port, PrometheusMeterRegistry registry, Supplier<List<Health>> health)
            throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setIdleTimeout(30)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        HttpServer server =
                vertx.createHttpServer(options).requestHandler(request -> answer(request, registry, health));
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            vertx.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + host + ":" + port + " (processor.http.port): " + cause.getMessage(), e);
        }
        return new ObserveServer(vertx, server);
    }

    public int port() {
        return server.actualPort();
    }

    private static void answer(
            HttpServerRequest request, PrometheusMeterRegistry registry, Supplier<List<Health>> health) {
        switch (Objects.requireNonNullElse(request.path(), "")) {
            case "/healthz" ->
                request.response().putHeader("content-type", "text/plain").end("alive\n");
            case "/readyz" -> {
                List<Health> parts = health.get();
                boolean ready = parts.stream().allMatch(Health::ready);
                JsonArray checks = new JsonArray();
                parts.forEach(part -> checks.add(new JsonObject()
                        .put("name", part.part())
                        .put("ready", part.ready())
                        .put("detail", part.detail())));
                request.response()
                        .setStatusCode(ready ? 200 : 503)
                        .putHeader("content-type", "application/json")
                        .end(new JsonObject()
                                .put("ready", ready)
                                .put("checks", checks)
                                .encode());
            }
            case "/metrics" ->
                request.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(registry.scrape());
            default -> request.response().setStatusCode(404).end();
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
