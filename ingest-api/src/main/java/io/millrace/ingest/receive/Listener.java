package io.millrace.ingest.receive;

import io.millrace.identity.Traceparent;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.authorize.Permission;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.observe.Observation;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.receive.grpc.Desk;
import io.millrace.ingest.receive.grpc.EventService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server on one event loop: a request is routed, its sender authenticated and authorized, then handled. */
final class Listener extends VerticleBase {
    /** Names the free port that the listeners of one Vert.x share. */
    private static final int FREE_PORT = 1;
    /** No path knows it. */
    private static final String ANY_METHOD = "*";
    /** From the end of the drain time, for farewells. */
    private static final Duration CUT = Duration.ofSeconds(1);

    private final HttpConfig config;
    private final Routes routes;
    private final Door.Parts parts;
    private final @Nullable PemKeyCertOptions certificate;
    /** Open ones, of all listeners together. */
    private final Connections connections;
    /** Of all listeners together. */
    private final Untaken untaken;

    private final Cors doorCors;
    private final Cors sdkCors;
    private final Identification identification;
    private final Deadlines deadlines = new Deadlines();
    private volatile @Nullable HttpServer server;
    private @Nullable EventService grpc;

    Listener(
            HttpConfig config,
            Routes routes,
            Door.Parts parts,
            Connections connections,
            Untaken untaken,
            @Nullable PemKeyCertOptions certificate) {
        this.config = config;
        this.routes = routes;
        this.parts = parts;
        this.connections = connections;
        this.untaken = untaken;
        this.certificate = certificate;
        this.doorCors = Cors.ofDoor(config.corsOrigins());
        this.sdkCors = Cors.ofSdks(config.sdkOrigins());
        this.identification = new Identification(parts.authenticator());
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(Deadlines.SWEEP_MILLIS, timer -> deadlines.sweep(System.nanoTime()));
        grpc = new EventService(
                vertx,
                parts.authenticator(),
                parts.readiness(),
                parts.observer(),
                new Desk(
                        parts.admission(),
                        parts.reader(),
                        parts.acceptor(),
                        parts.clock(),
                        parts.reader().limits(),
                        config.bodyBytes(),
                        config.bodyDeadline(),
                        config.stall()));
        HttpServer listening = vertx.createHttpServer(ServerOptions.of(config, certificate))
                .connectionHandler(this::connect)
                .invalidRequestHandler(this::refuse)
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
        calls().drain();
        // Whoever takes nothing of its answer would keep the door from closing.
        vertx.setTimer(config.drain().plus(CUT).toMillis(), timer -> connections.cutAll());
        return Objects.requireNonNull(server, "stop comes after start").shutdown(config.drain());
    }

    private EventService calls() {
        return Objects.requireNonNull(grpc, "calls come after the start");
    }

    private void connect(HttpConnection connection) {
        Connections.Guest guest = connections.guest(connection.remoteAddress());
        if (guest != null && connection.protocolVersion() == HttpVersion.HTTP_2) {
            guest.stays();
        }
    }

    /** A head that could not be read: where the next would begin, nobody knows, so the connection ends with the answer. */
    private void refuse(HttpServerRequest request) {
        refuse(request, connections.guest(request.connection().remoteAddress()), Heads.unreadable(request));
    }

    private void refuse(HttpServerRequest request, Connections.@Nullable Guest guest, Problem problem) {
        if (guest != null && !guest.leaves()) {
            return;
        }
        Observation observation = parts.observer().request(null, null);
        observation.end(problem.code());
        request.response()
                .putHeader(Traceparent.HEADER, observation.trace().value())
                .setStatusCode(HttpStatus.of(problem).code())
                .putHeader(HttpHeaders.CONTENT_TYPE, Exchange.PROBLEM_JSON)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(Buffer.buffer(Answers.problem(problem)))
                .onComplete(written -> request.connection().close());
    }

    private void receive(HttpServerRequest request) {
        Connections.Guest guest = connections.guest(request.connection().remoteAddress());
        if (guest != null && guest.isLeaving()) {
            // Its connection is being closed, and perhaps these bytes are the body of what was refused.
            return;
        }
        Optional<Problem> wrong = Heads.check(request);
        if (wrong.isPresent()) {
            refuse(request, guest, wrong.get());
            return;
        }
        if (EventService.isCall(request)) {
            calls().handle(request);
            return;
        }
        Exchange exchange = new Exchange(request, config, context, deadlines, parts.observer(), untaken, guest);
        exchange.open();
        // OPTIONS * has no path.
        String path = Objects.requireNonNullElse(request.path(), "*");
        Cors cors = routes.isForSdks(path) ? sdkCors : doorCors;
        cors.mark(request);
        exchange.guarded(() -> dispatch(exchange, request, path, cors));
    }

    /** New handshakes are made with another certificate, those of all listeners on this port. */
    Future<Boolean> renew(PemKeyCertOptions renewed) {
        return Objects.requireNonNull(server, "renewal comes after start")
                .updateSSLOptions(ServerOptions.renewed(renewed));
    }

    private void dispatch(Exchange exchange, HttpServerRequest request, String path, Cors cors) {
        // What a browser asks is what the path knows, also where OPTIONS is an operation of its own.
        Routes.Found found = routes.find(
                cors.isPreflight(request) ? ANY_METHOD : request.method().name(), path);
        if (found instanceof Routes.Found.Nothing nothing
                && nothing.problem() instanceof Problem.MethodNotAllowed methods
                && cors.isPreflight(request)) {
            cors.allow(request, methods);
            exchange.answer(HttpStatus.NO_CONTENT, "", new byte[0], "preflight");
        } else if (found instanceof Routes.Found.Nothing nothing) {
            exchange.problem(nothing.problem());
        } else if (found instanceof Routes.Found.Match match) {
            authorize(exchange, match.route());
        }
    }

    private void authorize(Exchange exchange, Route route) {
        exchange.identify(route.operation().id(), Principal.NOBODY);
        if (route.operation().permission() == Permission.PUBLIC
                || route.handler().identifiesItself()) {
            route.handler().handle(exchange, route.path());
            return;
        }
        identification.of(exchange, verdict -> authorize(exchange, route, verdict));
    }

    private static void authorize(Exchange exchange, Route route, Authenticator.Verdict verdict) {
        if (verdict instanceof Authenticator.Verdict.Unknown unknown) {
            exchange.problem(unknown.problem());
        } else if (verdict instanceof Authenticator.Verdict.Known known) {
            exchange.identify(route.operation().id(), known.principal());
            Authorizer.check(known.principal(), route.operation())
                    .ifPresentOrElse(exchange::problem, () -> route.handler().handle(exchange, route.path()));
        }
    }
}
