package io.millrace.ingest.receive;

import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.authorize.Permission;
import io.millrace.ingest.authorize.Principal;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The server on one event loop: a request is routed, its sender authenticated and authorized, then handled. */
final class Listener extends VerticleBase {
    private static final int BACKLOG = 4_096;
    /** Names the free port that the listeners of one Vert.x share. */
    private static final int FREE_PORT = 1;

    private final HttpConfig config;
    private final Routes routes;
    private final Door.Parts parts;
    /** Open ones, of all listeners together. */
    private final AtomicInteger connections;

    private final Deadlines deadlines = new Deadlines();
    private volatile @Nullable HttpServer server;

    Listener(HttpConfig config, Routes routes, Door.Parts parts, AtomicInteger connections) {
        this.connections = connections;
        this.config = config;
        this.routes = routes;
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(Deadlines.SWEEP_MILLIS, timer -> deadlines.sweep(System.nanoTime()));
        HttpServer listening = vertx.createHttpServer(new HttpServerOptions()
                        .setAcceptBacklog(BACKLOG)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setIdleTimeout(Math.toIntExact(config.idle().toMillis()))
                        .setHttp2ClearTextEnabled(false))
                .connectionHandler(this::connect)
                .requestHandler(this::receive);
        server = listening;
        SocketAddress address = config.port() == 0
                ? SocketAddress.sharedRandomPort(FREE_PORT, config.host())
                : SocketAddress.inetSocketAddress(config.port(), config.host());
        return listening.listen(address);
    }

    /** The port it listens on, once it started. */
    int port() {
        return Objects.requireNonNull(server, "a port comes with the start").actualPort();
    }

    @Override
    public Future<?> stop() {
        deadlines.drain();
        return Objects.requireNonNull(server, "stop comes after start").shutdown(config.drain());
    }

    private void connect(HttpConnection connection) {
        if (connections.incrementAndGet() > config.connections()) {
            connections.decrementAndGet();
            connection.close();
        } else {
            connection.closeHandler(closed -> connections.decrementAndGet());
        }
    }

    private void receive(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, config, context, deadlines, parts.meters());
        exchange.open();
        exchange.guarded(() -> dispatch(exchange, request));
    }

    private void dispatch(Exchange exchange, HttpServerRequest request) {
        // OPTIONS * has no path.
        String path = Objects.requireNonNullElse(request.path(), "*");
        Routes.Found found = routes.find(request.method().name(), path);
        if (found instanceof Routes.Found.Nothing nothing) {
            exchange.problem(nothing.problem());
        } else if (found instanceof Routes.Found.Match match) {
            authorize(exchange, match.route());
        }
    }

    private void authorize(Exchange exchange, Route route) {
        exchange.identify(route.operation().id(), Principal.NOBODY);
        if (route.operation().permission() == Permission.PUBLIC) {
            route.handler().handle(exchange, route.path());
            return;
        }
        Authenticator.Verdict verdict =
                parts.authenticator().authenticate(exchange.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (verdict instanceof Authenticator.Verdict.Unknown unknown) {
            exchange.problem(unknown.problem());
        } else if (verdict instanceof Authenticator.Verdict.Known known) {
            exchange.identify(route.operation().id(), known.principal());
            Authorizer.check(known.principal(), route.operation())
                    .ifPresentOrElse(exchange::problem, () -> route.handler().handle(exchange, route.path()));
        }
    }
}
