package io.millrace.ingest.observe;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;

/** Asks another process every second whether it is ready, and tells the latest answer. Thread-safe. */
public final class RemoteReadiness implements HealthCheck, AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int OK = 200;

    private final String name;
    private final URI url;
    private final Vertx vertx;
    private final HttpClient client;
    private final long timer;
    private volatile Health health = new Health.NotReady("not asked yet");

    public RemoteReadiness(String name, URI url, Vertx vertx) {
        this.name = name;
        this.url = url;
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
        this.timer = vertx.setPeriodic(1, BETWEEN.toMillis(), tick -> ask());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Health check() {
        return health;
    }

    private void ask() {
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url.toString())
                        .setConnectTimeout(BETWEEN.toMillis())
                        .setTimeout(BETWEEN.toMillis()))
                .compose(request ->
                        request.send().compose(response -> response.body().map(response.statusCode())))
                .onSuccess(status ->
                        health = status == OK ? Health.READY : new Health.NotReady(url + " answers " + status))
                .onFailure(failure -> health = new Health.NotReady(url + " does not answer"));
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        client.close();
    }
}
